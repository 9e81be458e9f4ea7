import { type ScalarOffsets, type ScalarStyle, scalarOffsets } from './scalar-offsets.js';
import type { SourceFile, SourceRange } from './source-file.js';
import type { YamlScalar } from './yaml-node.js';

interface ScalarParts {
  readonly file: SourceFile;
  readonly range: SourceRange;
  readonly value: YamlScalar['value'];
  readonly text: string;
  readonly style: ScalarStyle;
}

/** A scalar that finds places in itself when it is asked for the first. */
export function locatedScalar({ file, range, value, text, style }: ScalarParts): YamlScalar {
  let offsets: ScalarOffsets | undefined;
  const locate = ({ start, end }: SourceRange): SourceRange => {
    offsets ??= scalarOffsets(file.text.slice(range.start, range.end), text, style, range.start);
    const from = offsets.starts[start] ?? range.end;
    return { start: from, end: end > start ? (offsets.ends[end - 1] ?? from) : from };
  };
  return { kind: 'scalar', file, start: range.start, end: range.end, value, text, locate };
}

/** Begins like nothing but text, a number or a word of YAML. */
const plainStart = /^(?:[A-Za-z0-9_(.$/^+~]|-[A-Za-z0-9(.])/;
const words = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const otherWords = /^(?:true|false|null|~|[-+]?\.(?:inf|nan))$/i;
const plainNumber = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/;
const otherNumber = /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?|0[xo][0-9a-f]+)$/i;

/** Undefined where the library has to say what the text means. */
export function plainScalar(file: SourceFile, start: number, text: string): YamlScalar | undefined {
  if (!plainStart.test(text)) return undefined;
  const range = { start, end: start + text.length };
  const word = words.get(text);
  const value = word !== undefined ? word : plainNumber.test(text) ? Number(text) : text;
  if (Object.is(value, -0) || (value === text && (otherWords.test(text) || otherNumber.test(text)))) return undefined;
  return locatedScalar({ file, range, value, text, style: 'plain' });
}

const singleQuoted = /'((?:[^'\n]|'')*)'(?!')/y;
const doubleQuoted = /"([^"\\\n]*)"/y;

/** On one line; escapes are left to the library. */
export function quotedScalar(file: SourceFile, start: number): YamlScalar | undefined {
  const isSingle = file.text.charAt(start) === "'";
  const form = isSingle ? singleQuoted : doubleQuoted;
  form.lastIndex = start;
  const found = form.exec(file.text);
  if (found === null) return undefined;
  const [whole, inner = ''] = found;
  const text = isSingle ? inner.replaceAll("''", "'") : inner;
  const range = { start, end: start + whole.length };
  return locatedScalar({ file, range, value: text, text, style: isSingle ? 'single' : 'double' });
}
