import type { Coverage } from '../ruleset/coverage-tally.js';
import type { Flip } from '../ruleset/find-flip.js';
import type { LeafReport } from '../ruleset/rule-trial.js';
import type { TestReport } from '../ruleset/run-inline-tests.js';
import type { EventDifference, SequenceDifference } from '../sequences/judge-sequence.js';
import type { SequenceReport } from '../sequences/run-sequence.js';

/** What differs, for people. */
export function failureText(report: TestReport | SequenceReport): string {
  return 'rule' in report ? inlineFailure(report) : sequenceFailure(report);
}

function inlineFailure({ rule, name, file, line, diff }: TestReport): string {
  const head = `failed: ${rule}: ${name}\n  --> ${file}:${line}`;
  if (diff === undefined) return head;
  return [head, `  expected ${diff.expected}, got ${diff.got}`, ...evidenceText(diff, '  ')].join('\n');
}

/** Of a long run of equal failures the first are shown. */
const mostShown = 5;

function sequenceFailure({ name, file, line, diff }: SequenceReport): string {
  const events = diff?.events ?? [];
  const more = events.length - mostShown;
  return [
    `failed: ${name}\n  --> ${file}:${line}`,
    ...events.slice(0, mostShown).map((event) => eventText(event, file)),
    ...(more > 0 ? [`  and ${more} more events`] : []),
  ].join('\n');
}

function eventText({ event, line, at, type, account_id, differences }: EventDifference, file: string): string {
  const head =
    event === 0 ? `  (${file}:${line})` : `  event ${event}: ${type} of ${account_id} at ${at} (${file}:${line})`;
  return [head, ...differences.map(differenceText)].join('\n');
}

function differenceText(difference: SequenceDifference): string {
  const { what, name, expected, got } = difference;
  const subject = what === 'rule' ? name : name === undefined ? what : `${what} ${name}`;
  return [`    ${subject}: expected ${expected}, got ${got}`, ...evidenceText(difference, '    ')].join('\n');
}

interface Evidence {
  readonly leaves?: readonly LeafReport[];
  readonly flip?: readonly Flip[];
}

function evidenceText({ leaves = [], flip }: Evidence, indent: string): string[] {
  const changes = flip?.map((change) => `${change.name}: ${change.from ?? 'missing'} -> ${change.to}`).join(', ');
  const would = changes === undefined ? [] : [`${indent}would turn with ${changes}`];
  return [...leaves.map((leaf) => `${indent}${leafText(leaf).slice(2)}`), ...would];
}

export function leafText({ text, result, values }: LeafReport): string {
  const shown = Object.entries(values).map(
    ([name, value]) => `${name} = ${value === null ? 'missing' : JSON.stringify(value)}`,
  );
  return `    ${String(result ?? 'unknown').padEnd(8)} ${text}   (${shown.join(', ')})`;
}

export function coverageText({ coverage, uncovered }: Coverage): string[] {
  return Object.entries(coverage).flatMap(([id, { fires, quiet, unknown, leaves, leaves_decisive }]) => [
    `${id}: ${fires} fire, ${quiet} quiet, ${unknown} unknown; ${leaves_decisive} of ${leaves} leaves decisive`,
    ...(uncovered[id] ?? []).map((text) => `    no test turns on: ${text}`),
  ]);
}
