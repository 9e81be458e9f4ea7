/** One mistake that an author makes: in `file`, `wrong` stands where `right` stood. `«»` in `wrong` mark what is to be shown. */
export interface Mistake {
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  readonly code: string;
  /** Right name, which is to be suggested first. */
  readonly suggests?: string | undefined;
  /** Further codes, each of them argued: what else is wrong is no echo of the first. */
  readonly also?: readonly string[];
}

export type Row = readonly [right: string, wrong: string, code: string, suggests?: string];

/** Mistakes in one file of the right rule set. */
export const mistakesIn = (file: string, rows: readonly Row[]): readonly Mistake[] =>
  rows.map(([right, wrong, code, suggests]) => ({ file, right, wrong, code, suggests }));

export type ConditionRow = readonly [condition: string, code: string, suggests?: string];

export interface WrongCondition {
  readonly condition: string;
  readonly code: string;
  readonly suggests?: string | undefined;
}

export const wrongConditions = (rows: readonly ConditionRow[]): readonly WrongCondition[] =>
  rows.map(([condition, code, suggests]) => ({ condition, code, suggests }));

const indent = (text: string, spaces: number): string =>
  text
    .split('\n')
    .map((line) => `${' '.repeat(spaces)}${line}`)
    .join('\n');

/** Where an operator stands a line may break: the place of the mistake must not be lost by that. */
const broken = (text: string): string => text.replace(/ (&&|\|\|) /g, ' $1\n');

/** Every way YAML has to write one text; undefined where the text cannot be written so. */
export const scalarForms: Readonly<Record<string, (text: string) => string | undefined>> = {
  plain: (text) => (isPlain(text) ? text : undefined),
  'plain over lines': (text) => (isPlain(text) ? indent(broken(text), 6).trimStart() : undefined),
  single: (text) => `'${text.replaceAll("'", "''")}'`,
  double: (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  'double with escapes': (text) =>
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\x22').replaceAll('.', '\\u002e').replaceAll(' ', '\\x20')}" # why`,
  literal: (text) => `|\n${indent(broken(text), 6)}`,
  folded: (text) => `>\n${indent(broken(text), 6)}`,
  'folded, deeper lines': (text) => `>-2 # why\n${indent(broken(text).replace(/\n/g, '\n    '), 6)}`,
  'literal, empty lines': (text) => `|+ # why\n${indent(broken(text).replace(/\n/g, '\n\n'), 6)}\n`,
};

const isPlain = (text: string): boolean =>
  /^[\w(.$/]/.test(unmarked(text)) && !/: | #|\n|:$/.test(unmarked(text)) && text === text.trim();

const unmarked = (text: string): string => text.replace(/[«»]/g, '');
