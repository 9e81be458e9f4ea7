import type { Policy } from '../../model/policy.js';
import type { Effect } from './change.js';
import { durationText } from './words.js';

type Row = readonly [key: string, text: string, effect: Effect];

const namesIn = (...tables: readonly Readonly<Record<string, number>>[]): readonly string[] =>
  [...new Set(tables.flatMap((table) => Object.keys(table)))].sort();

const timeText = (ms: number | undefined): string => (ms === undefined ? 'what its priority says' : durationText(ms));

/** How long cases may wait. Nobody's access depends on it. */
export function diffSla({ sla: before }: Policy, { sla: after }: Policy): readonly Row[] {
  const row = (key: string, what: string, [from, to]: readonly [number | undefined, number | undefined]): Row[] =>
    from === to ? [] : [[`sla.${key}`, `${what} due after ${timeText(to)} instead of ${timeText(from)}`, 'none']];
  return [
    ...row('default', 'cases are', [before.defaultMs, after.defaultMs]),
    ...namesIn(before.reasonMs, after.reasonMs).flatMap((reason) =>
      row(reason, `cases of ${reason} are`, [before.reasonMs[reason], after.reasonMs[reason]]),
    ),
  ];
}

/** What plans add to the priority of cases. */
export const diffCost = ({ cost: { plan: before } }: Policy, { cost: { plan: after } }: Policy): readonly Row[] =>
  namesIn(before, after).flatMap((plan): Row[] => {
    const [from, to] = [before[plan] ?? 0, after[plan] ?? 0];
    if (from === to) return [];
    return [[`cost.plan.${plan}`, `cases of the plan ${plan} have ${to} points more instead of ${from}`, 'none']];
  });
