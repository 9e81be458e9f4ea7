import { createRequire } from 'node:module';
import type { Document, Node, Scalar, YAMLMap } from 'yaml';
import { type Located, ProblemSink } from '../problem-sink.js';
import { byPlace } from '../rule-problem.js';
import { explainSyntax } from './explain-syntax.js';
import { locatedScalar } from './plain-scalar.js';
import { readPlainYaml } from './read-plain-yaml.js';
import type { ScalarStyle } from './scalar-offsets.js';
import type { SourceFile, SourceRange } from './source-file.js';
import { describeNode, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from './yaml-node.js';

const require = createRequire(import.meta.url);
/** Loaded when a file first needs it, which no file of the default rules does. */
const library = (): typeof import('yaml') => require('yaml');

interface Reading {
  readonly file: SourceFile;
  readonly sink: ProblemSink;
}

/** The file's one document as a map; undefined when it is none, which is reported. */
export function readYaml(file: SourceFile, sink: ProblemSink): YamlMap | undefined {
  const nul = file.text.indexOf('\0');
  if (nul !== -1) {
    sink.error('E008', { file, start: nul, end: nul + 1 }, 'the file holds a NUL character');
    return undefined;
  }
  return readPlainYaml(file) ?? readAnyYaml(file, sink);
}

/** By the library: a tenth of the speed, everything YAML has, and words for every slip. */
export function readAnyYaml(file: SourceFile, sink: ProblemSink): YamlMap | undefined {
  const deep = tooDeepAt(file.text);
  if (deep !== undefined) {
    sink.error('E001', { file, start: deep, end: deep + 1 }, 'this is not YAML: it is nested too deeply');
    return undefined;
  }
  const documents = parse(file, sink);
  if (documents === undefined) return undefined;
  const [first, second] = documents;
  if (second !== undefined)
    sink.error('E007', markOf(second, file), 'a rules file holds one document, and here a second begins');
  if (
    first === undefined ||
    (library().isScalar(first.contents) && first.contents.value === null && first.errors.length === 0)
  )
    return { kind: 'map', file, start: 0, end: 0, entries: new Map() };
  const own = new ProblemSink();
  const root = convert(first.contents, { file, sink: own });
  if (reportSyntax(first, { file, sink: own })) {
    // A slip makes echoes: only what comes first in the file is told.
    sink.errors.push(...own.errors.sort(byPlace).slice(0, 1));
    return undefined;
  }
  sink.take(own);
  if (root === undefined || root.kind === 'map') return root;
  const message = `a rules file is a map of features, links, predicates, rules, policy or reasons, not ${describeNode(root)}`;
  sink.error('E012', root, message, { hint: isListOfMaps(root) ? "put 'rules:' before the rules" : undefined });
  return undefined;
}

const isListOfMaps = (node: YamlNode): boolean =>
  node.kind === 'list' && node.items.length > 0 && node.items.every(({ kind }) => kind === 'map');

/** Far more than any rule needs, and far less than ends the parser's stack. */
const deepest = 100;
const deepLists = new RegExp(`^(?: *- ){${deepest + 1}}`, 'm');

/** Where a line opens more brackets, or more lists, than anybody means. Over several lines the parser itself gives up. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\n') depth = 0;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    if (depth > deepest) return at;
  }
  return deepLists.exec(text)?.index;
}

/** The line of dashes before a document; without one, its first words. */
function markOf({ contents, range: [from] }: Document.Parsed, file: SourceFile): Located {
  const start = contents?.range?.[0] ?? from;
  const marks = [...file.text.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index);
  const mark = marks.filter((index) => index < Math.max(start, from + 1)).at(-1);
  return mark === undefined ? rangeOf(file, contents ?? null) : { file, start: mark, end: mark + 3 };
}

function parse(file: SourceFile, sink: ProblemSink): readonly Document.Parsed[] | undefined {
  try {
    const documents = library().parseAllDocuments(file.text, {
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
      version: '1.2',
    });
    return Array.isArray(documents) ? documents : [];
  } catch (failure) {
    // The parser recurses: thousands of nested brackets end its stack.
    const why = failure instanceof RangeError ? 'it is nested too deeply' : 'it cannot be understood';
    sink.error('E001', { file, start: 0, end: 1 }, `this is not YAML: ${why}`);
    return undefined;
  }
}

/** Reported by this reader itself, with a hint. */
const reportedElsewhere = new Set(['TAG_RESOLVE_FAILED', 'BAD_ALIAS', 'MULTIPLE_DOCS', 'DUPLICATE_KEY']);

/** True when the file is no YAML. */
function reportSyntax(document: Document.Parsed, { file, sink }: Reading): boolean {
  const directive = /^%[^\n]*/.exec(file.text);
  const errors = document.errors.filter(({ code }) => !reportedElsewhere.has(code));
  if (directive !== null)
    sink.error('E001', { file, start: 0, end: directive[0].length }, 'YAML directives are not used');
  const found = explainSyntax(errors, file);
  if (found !== undefined) sink.error('E001', { file, ...found }, found.message, { hint: found.hint });
  return directive !== null || sink.errors.some(({ code }) => code === 'E001');
}

const rangeOf = (file: SourceFile, node: Node | null): SourceRange & { file: SourceFile } => ({
  file,
  start: node?.range?.[0] ?? 0,
  end: node?.range?.[1] ?? 0,
});

function convert(node: unknown, reading: Reading): YamlNode | undefined {
  const { file, sink } = reading;
  const { isAlias, isMap, isScalar, isSeq } = library();
  if (isAlias(node)) {
    const range = rangeOf(file, node);
    sink.error('E006', range, 'aliases are not used', { hint: quoteHint });
    return { ...refusedScalar(range), isRefused: true };
  }
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  const range = rangeOf(file, node);
  if (node.tag !== undefined)
    sink.error('E003', markBefore(range, '!'), 'tags are not used', { hint: tagHint(node.tag) });
  else if (node.anchor !== undefined)
    sink.error('E005', markBefore(range, '&'), 'anchors are not used', { hint: quoteHint });
  const quote = isScalar(node) ? openQuote(range) : undefined;
  if (quote !== undefined)
    sink.error('E001', { ...range, end: range.start + 1 }, `this is not YAML: '${quote}' is not closed`, {
      hint: `close it with ${quote}`,
    });
  const isRefused = node.tag !== undefined || node.anchor !== undefined;
  if (isScalar(node)) return isRefused ? { ...convertScalar(node, range), isRefused } : convertScalar(node, range);
  if (isMap(node)) return convertMap(node, reading);
  return { kind: 'list', ...range, items: node.items.flatMap((item) => convert(item, reading) ?? []) };
}

/** The library takes a quote that is doubled or escaped at the end of a line for the closing one. */
function openQuote({ file, start, end }: SourceRange & { file: SourceFile }): string | undefined {
  const quote = file.text.charAt(start);
  const form = { "'": /^'(?:[^']|'')*'$/, '"': /^"(?:[^"\\]|\\[\s\S])*"$/ }[quote];
  return form === undefined || form.test(file.text.slice(start, end)) ? undefined : quote;
}

const tagHint = (tag: string): string =>
  /^!include\b/.test(tag) ? 'nothing is included: all files that end in .yml are read as one' : quoteHint;

const quoteHint = 'an expression that begins with !, * or & needs quotes around it';

/** A tag or an anchor stands before what it marks, on the same or an earlier line. */
function markBefore(range: SourceRange & { file: SourceFile }, sign: '!' | '&'): SourceRange & { file: SourceFile } {
  const { file, start } = range;
  const marks = /(?:[!&]\S*\s*)+$/.exec(file.text.slice(Math.max(0, start - 200), start))?.[0] ?? '';
  const mark = [...marks.matchAll(/\S+/g)].find(([text]) => text.startsWith(sign));
  if (mark === undefined) return range;
  const from = start - marks.length + mark.index;
  return { file, start: from, end: from + mark[0].length };
}

function convertMap(node: YAMLMap, reading: Reading): YamlMap {
  const { file, sink } = reading;
  const entries = new Map<string, YamlEntry>();
  for (const pair of node.items) {
    const key = convert(pair.key, reading);
    if (key === undefined) continue;
    if (key.kind !== 'scalar') {
      sink.error('E018', key, 'a key is a plain name');
      continue;
    }
    if (key.text === '<<') {
      sink.error('E004', key, 'merge keys are not used', { hint: 'say it in each place' });
      continue;
    }
    const value = convert(pair.value, reading) ?? missingValue(file, key);
    const before = entries.get(key.text);
    if (before !== undefined)
      sink.error('E002', key, `'${key.text}' stands twice; first in line ${file.place(before.key).line}`);
    else entries.set(key.text, { key, value });
  }
  return { kind: 'map', ...rangeOf(file, node), entries };
}

const refusedScalar = (range: SourceRange & { file: SourceFile }): YamlScalar => ({
  kind: 'scalar',
  ...range,
  value: null,
  text: '',
  locate: () => range,
});

const missingValue = (file: SourceFile, key: YamlScalar): YamlScalar => ({
  kind: 'scalar',
  file,
  start: key.end,
  end: key.end,
  value: null,
  text: '',
  locate: () => ({ start: key.start, end: key.end }),
});

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_FOLDED: 'block',
  BLOCK_LITERAL: 'block',
};

function convertScalar(node: Scalar, range: SourceRange & { file: SourceFile }): YamlScalar {
  const { value } = node;
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  const text = typeof value === 'string' ? value : (node.source ?? '');
  const style = styles[node.type ?? 'PLAIN'] ?? 'plain';
  return locatedScalar({ file: range.file, range: { start: range.start, end: range.end }, value: plain, text, style });
}
