import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Rule } from '../api/types.ts';
import { When } from '../parts/time.tsx';
import { costWords, modeWords, shareWords } from './rule-words.ts';

export interface Column {
  readonly id: string;
  readonly title: string;
  /** What it is sorted by: numbers and times largest first, words from A. */
  readonly value: (rule: Rule) => number | string;
  readonly cell: (rule: Rule, now: number) => ReactNode;
}

const overlapOf = ({ evidence }: Rule) =>
  evidence.overlap.reduce<Rule['evidence']['overlap'][number] | undefined>(
    (most, one) => (most === undefined || one.share > most.share ? one : most),
    undefined,
  );

const overlapWords = (rule: Rule): string => {
  const most = overlapOf(rule);
  return most === undefined ? 'none' : `${Math.round(most.share * 100)} % with ${most.rule}`;
};

/** The registry of columns, in the order in which they stand. */
export const columns: readonly Column[] = [
  { id: 'id', title: 'Rule', value: ({ id }) => id, cell: ({ id }) => <Link href={`/rules/${id}`}>{id}</Link> },
  { id: 'mode', title: 'Mode', value: modeWords, cell: modeWords },
  { id: 'owner', title: 'Owner', value: ({ owner }) => owner, cell: ({ owner }) => owner },
  {
    id: 'fired',
    title: 'Fired in 24 h',
    value: ({ counts }) => counts.last_24h.fired,
    cell: ({ counts }) => counts.last_24h.fired,
  },
  {
    id: 'precision',
    title: 'Precision by labels',
    value: ({ evidence }) => evidence.precision.share ?? -1,
    cell: ({ evidence }) => shareWords(evidence.precision),
  },
  {
    id: 'only',
    title: 'Only it holds',
    value: ({ evidence }) => evidence.newly_held,
    cell: ({ evidence }) => evidence.newly_held,
  },
  { id: 'overlap', title: 'Overlap', value: (rule) => overlapOf(rule)?.share ?? -1, cell: overlapWords },
  {
    id: 'honest',
    title: 'Honest who pay',
    value: ({ evidence }) => evidence.honest_pay,
    cell: ({ evidence }) => evidence.honest_pay,
  },
  {
    id: 'cost',
    title: 'Cost',
    value: ({ counts }) => counts.last_24h.nanoseconds ?? -1,
    cell: ({ counts }) => costWords(counts.last_24h.nanoseconds),
  },
  {
    id: 'last',
    title: 'Last fired',
    value: ({ last_fired_at: at }) => (at === null ? -1 : Date.parse(at)),
    cell: ({ last_fired_at: at }, now) => (at === null ? 'never' : <When at={at} now={now} />),
  },
];

export type Direction = 'ascending' | 'descending';

/** Of the column when it is first asked for. */
export const firstDirection = ({ value }: Column, [rule]: readonly Rule[]): Direction =>
  rule !== undefined && typeof value(rule) === 'number' ? 'descending' : 'ascending';

export function sortedBy(rules: readonly Rule[], { value }: Column, direction: Direction): readonly Rule[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const compare = (a: number | string, b: number | string): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return [...rules].sort((a, b) => sign * compare(value(a), value(b)) || a.id.localeCompare(b.id));
}
