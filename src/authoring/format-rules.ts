import { ProblemSink } from '../ruleset/problem-sink.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import { readYaml } from '../ruleset/yaml/read-yaml.js';
import { SourceFile } from '../ruleset/yaml/source-file.js';
import type { YamlNode, YamlScalar } from '../ruleset/yaml/yaml-node.js';
import { BlockPrinter } from './block-printer.js';
import { formatExpression } from './format-expression.js';
import { schemaOf, schemasAtTop } from './schema-at.js';

/** A file in its usual form, or why it has none. `errors` is empty where it is formatted. */
export interface Formatted {
  readonly text: string;
  readonly errors: readonly RuleProblem[];
  /** What formatting would have lost, such as a comment in an odd place: the file stays as it is. */
  readonly left?: 'comment' | 'text' | undefined;
}

/**
 * The usual form of a rules file: order of keys, indentation, spaces. Comments, texts and what they mean stay; a file that
 * cannot be formatted without losing something stays as it is.
 */
export function formatRules(path: string, text: string): Formatted {
  const sink = new ProblemSink();
  const file = new SourceFile(path, text.replaceAll('\r\n', '\n'));
  const root = readYaml(file, sink);
  if (root === undefined || sink.errors.length > 0) return { text, errors: sink.errors };
  const tidy = tidyLines(file.text);
  if (root.entries.size === 0) return { text: tidy, errors: [] };
  const schema = schemaOf(path);
  const printed = tidyLines(
    new BlockPrinter(file, root).print({ node: root, found: schemasAtTop(schema), root: schema }),
  );
  const left = lostIn(file, root, printed);
  return left === undefined ? { text: printed, errors: [] } : { text, errors: [], left };
}

/** No blank line at the beginning or twice, one line break at the end. */
const tidyLines = (text: string): string => `${text.replace(/^\n+/, '').trimEnd()}\n`;

/** Which is not the same any more: a comment, or a text, such as one that keeps the blank lines behind it. */
function lostIn(before: SourceFile, root: YamlNode, printed: string): Formatted['left'] {
  const sink = new ProblemSink();
  const after = new SourceFile(before.path, printed);
  const again = readYaml(after, sink);
  if (again === undefined || sink.errors.length > 0 || !isSameNode(root, again)) return 'text';
  return comments(before.text) === comments(printed) ? undefined : 'comment';
}

/** But for the order of keys, and for spaces that an expression does not need. */
function isSameNode(one: YamlNode, other: YamlNode): boolean {
  if (one.kind === 'list')
    return (
      other.kind === 'list' &&
      one.items.length === other.items.length &&
      one.items.every((item, place) => isSameEntry(item, other.items[place]))
    );
  if (one.kind === 'map')
    return (
      other.kind === 'map' &&
      one.entries.size === other.entries.size &&
      [...one.entries].every(([key, { value }]) => isSameEntry(value, other.entries.get(key)?.value))
    );
  return other.kind === 'scalar' && isSameScalar(one, other);
}

const isSameEntry = (one: YamlNode, other: YamlNode | undefined): boolean =>
  other !== undefined && isSameNode(one, other);

function isSameScalar({ value: one }: YamlScalar, { value: other }: YamlScalar): boolean {
  if (one === other) return true;
  return typeof one === 'string' && typeof other === 'string' && formatExpression(one) === other;
}

/** Every line's comment, sorted; a `#` in a text is one too, on both sides. */
const comments = (text: string): string =>
  [...text.matchAll(/(?:^|[ \t])#[^\n]*/gm)]
    .map(([found]) => found.trim())
    .sort()
    .join('\n');
