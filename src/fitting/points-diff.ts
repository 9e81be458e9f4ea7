import type { Policy } from '../model/policy.js';
import { collectDeclarations } from '../ruleset/collect-declarations.js';
import { ProblemSink } from '../ruleset/problem-sink.js';
import type { SourceFile } from '../ruleset/yaml/source-file.js';
import type { YamlNode, YamlScalar } from '../ruleset/yaml/yaml-node.js';

interface Edit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface DiffInput {
  readonly files: ReadonlyMap<string, string>;
  /** By rule id. */
  readonly factors: ReadonlyMap<string, number>;
  readonly thresholds: { readonly before: Policy['thresholds']; readonly after: Policy['thresholds'] };
}

/** What to change in the YAML files, as a diff without context: `git apply -p0 --unidiff-zero` in the rules folder takes it. */
export function pointsDiff({ files, factors, thresholds }: DiffInput): string {
  const declared = collectDeclarations(files, new ProblemSink());
  const edits = [
    ...declared.rules.flatMap((node) => pointsEdit(node, factors)),
    ...thresholdEdits(declared.policy, thresholds),
  ];
  const byFile = new Map<SourceFile, Edit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  return [...byFile]
    .sort(([a], [b]) => (a.path < b.path ? -1 : 1))
    .map(([file, changes]) => fileDiff(file, changes))
    .join('');
}

const scalarAt = (node: YamlNode | undefined, key: string): YamlScalar | undefined => {
  const value = node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
  return value?.kind === 'scalar' ? value : undefined;
};

function pointsEdit(node: YamlNode, factors: ReadonlyMap<string, number>): Edit[] {
  const factor = factors.get(scalarAt(node, 'id')?.text ?? '');
  const points = scalarAt(node, 'points');
  if (factor === undefined || points === undefined) return [];
  return [replacing(points, scaled(points.text, factor))];
}

/** A number is multiplied; an expression gets the factor in front, for a person to write more simply. */
function scaled(points: string, factor: number): string {
  const number = Number(points);
  if (Number.isFinite(number)) return String(Math.round(number * factor * 2) / 2);
  return `${factor} * (${points.trim().replace(/\s+/g, ' ')})`;
}

function thresholdEdits(policy: YamlNode | undefined, { before, after }: DiffInput['thresholds']): Edit[] {
  const node = policy?.kind === 'map' ? policy.entries.get('thresholds')?.value : undefined;
  return (['limit', 'hold'] as const).flatMap((name) => {
    const value = scalarAt(node, name);
    return value === undefined || before[name] === after[name] ? [] : [replacing(value, String(after[name]))];
  });
}

/** The quotes of the old text, if it had any, fit the new one: an expression's own quotes do not change. */
function replacing(old: YamlScalar, text: string): Edit {
  const { file, start, end } = old;
  const source = file.text.slice(start, end);
  const quote = /^['"]/.exec(source)?.[0] ?? '';
  return { file, start, end, text: `${quote}${text}${quote}` };
}

/** Lines that change, each once, however many edits it holds; a value over several lines becomes one. */
function fileDiff(file: SourceFile, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const hunks: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of sorted) {
    const first = file.place(edit).line;
    const last = file.place({ start: Math.max(edit.start, edit.end - 1), end: edit.end }).line;
    const open = hunks.at(-1);
    if (open !== undefined && first <= open.last) {
      open.last = Math.max(open.last, last);
      open.edits.push(edit);
    } else hunks.push({ first, last, edits: [edit] });
  }
  let shift = 0;
  const texts = hunks.map(({ first, last, edits: own }) => {
    const from = file.offsetOf(first, 1);
    const to = file.offsetOf(last, 1) + file.line(last).length;
    const after = apply(file.text.slice(from, to), from, own).split('\n');
    const before = file.text.slice(from, to).split('\n');
    const head = `@@ -${first},${before.length} +${first + shift},${after.length} @@`;
    shift += after.length - before.length;
    return [head, ...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)].join('\n');
  });
  return `--- ${file.path}\n+++ ${file.path}\n${texts.join('\n')}\n`;
}

function apply(text: string, offset: number, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: by } of [...edits].reverse())
    result = result.slice(0, start - offset) + by + result.slice(end - offset);
  return result;
}
