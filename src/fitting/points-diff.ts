import { DiagnosticSink } from '../expression/diagnostic.js';
import { parseExpression } from '../expression/parse-expression.js';
import type { Policy } from '../model/policy.js';
import { collectDeclarations } from '../ruleset/collect-declarations.js';
import { ProblemSink } from '../ruleset/problem-sink.js';
import type { SourceFile } from '../ruleset/yaml/source-file.js';
import { fileDiff, type TextEdit } from '../ruleset/yaml/text-edits.js';
import type { YamlNode, YamlScalar } from '../ruleset/yaml/yaml-node.js';

interface DiffInput {
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
  ].filter(({ file, start, end, text }) => file.text.slice(start, end) !== text);
  const byFile = new Map<SourceFile, TextEdit[]>();
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

function pointsEdit(node: YamlNode, factors: ReadonlyMap<string, number>): TextEdit[] {
  const factor = factors.get(scalarAt(node, 'id')?.text ?? '');
  const points = scalarAt(node, 'points');
  if (factor === undefined || points === undefined) return [];
  const most = Number(scalarAt(node, 'points_max')?.text ?? mostPoints);
  return [replacing(points, writtenPoints(points.text, factor, most))];
}

const mostPoints = 100;
const leastPoints = 0.5;

/**
 * A number is multiplied and rounded to halves: never to nothing, which would silence the rule, nor beyond what is cut. An
 * expression gets the factor in front, for a person to write more simply; a factor below one applies to what is left
 * of the points where they are cut.
 */
export function writtenPoints(points: string, factor: number, most: number): string {
  const number = Number(points);
  if (number === 0) return points;
  if (Number.isFinite(number)) {
    const size = Math.max(leastPoints, Math.round(Math.abs(number) * factor * 2) / 2);
    return String(number < 0 ? -Math.min(mostPoints, size) : Math.min(most, size));
  }
  const text = points.trim().replace(/\s+/g, ' ');
  return factor < 1 && !isCutTo(text, most) ? `${factor} * min(${most}, ${text})` : `${factor} * (${text})`;
}

/** The expression cuts itself: `min(45, 9 * log2(n))`. */
function isCutTo(text: string, most: number): boolean {
  const ast = parseExpression(text, new DiagnosticSink());
  return (
    ast.kind === 'call' &&
    ast.name === 'min' &&
    ast.args.some(
      (argument) => argument.kind === 'literal' && typeof argument.value === 'number' && argument.value <= most,
    )
  );
}

function thresholdEdits(policy: YamlNode | undefined, { before, after }: DiffInput['thresholds']): TextEdit[] {
  const node = policy?.kind === 'map' ? policy.entries.get('thresholds')?.value : undefined;
  return (['limit', 'hold'] as const).flatMap((name) => {
    const value = scalarAt(node, name);
    return value === undefined || before[name] === after[name] ? [] : [replacing(value, String(after[name]))];
  });
}

/** The quotes of the old text, if it had any, fit the new one: an expression's own quotes do not change. */
function replacing(old: YamlScalar, text: string): TextEdit {
  const { file, start, end } = old;
  const source = file.text.slice(start, end);
  const quote = /^['"]/.exec(source)?.[0] ?? '';
  return { file, start, end, text: `${quote}${text}${quote}` };
}
