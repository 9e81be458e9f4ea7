import { createRequire } from 'node:module';
import type { Pair, YAMLMap } from 'yaml';
import type { SourceFile } from '../ruleset/yaml/source-file.js';
import type { TextEdit } from '../ruleset/yaml/text-edits.js';
import type { SequenceTest } from './sequence-test.js';

const require = createRequire(import.meta.url);
/** Knows where blocks end, comments included; loaded only for this. */
const library = (): typeof import('yaml') => require('yaml');

/**
 * Puts these lines in the place of the test's `expect:`, or at its end where it has none; all else stays as it is. Undefined
 * for a test that is written in one line.
 */
export function expectationEdit(test: SequenceTest, lines: readonly string[]): TextEdit | undefined {
  const { file, start } = test.at;
  const map = mapOf(file, start);
  if (map === undefined || map.flow === true) return undefined;
  const indent = ' '.repeat(columnOf(map, file));
  const block = [':', ...lines.map((line) => `${indent}  ${line}`)].join('\n');
  const expect = map.items.find((pair) => nameOf(pair) === 'expect');
  if (expect !== undefined) return { file, start: endOf(expect.key), end: valueEnd(expect, file), text: block };
  const last = Math.max(...map.items.map((pair) => valueEnd(pair, file)));
  const lineEnd = file.text.indexOf('\n', last);
  const at = lineEnd === -1 ? file.text.length : lineEnd;
  return { file, start: at, end: at, text: `\n${indent}expect${block}` };
}

/** The map whose `name` stands there. */
function mapOf(file: SourceFile, nameStart: number): YAMLMap | undefined {
  const { isMap, isSeq, parseDocument } = library();
  const root = parseDocument(file.text, { uniqueKeys: false, logLevel: 'silent' }).contents;
  if (!isMap(root)) return undefined;
  const tests = root.get('tests');
  const maps = [root, ...(isSeq(tests) ? tests.items.filter((item) => isMap(item)) : [])];
  return maps.find((map) => map.items.some((pair) => nameOf(pair) === 'name' && startOf(pair.value) === nameStart));
}

const rangeOf = (node: unknown): readonly number[] | undefined =>
  library().isNode(node) ? (node.range ?? undefined) : undefined;
const startOf = (node: unknown): number => rangeOf(node)?.[0] ?? -1;
const endOf = (node: unknown): number => rangeOf(node)?.[1] ?? 0;

function nameOf({ key }: Pair): unknown {
  return library().isScalar(key) ? key.value : undefined;
}

function columnOf(map: YAMLMap, file: SourceFile): number {
  const [first] = map.items;
  const start = Math.max(startOf(first?.key), 0);
  return file.place({ start, end: start }).column - 1;
}

/** Without the blank lines that a block ends with. */
function valueEnd(pair: Pair, file: SourceFile): number {
  // A key without a value ends with its colon.
  const end = Math.max(endOf(pair.value), endOf(pair.key) + 1);
  return file.text.slice(0, end).trimEnd().length;
}
