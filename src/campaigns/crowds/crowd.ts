import type { Arrival, PlannedAccount } from '../people/account.js';
import type { Random } from '../random.js';

/** The time that is simulated, epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** People who arrive together, in the order of time. */
export type Group = Iterable<Arrival>;

/** A kind of honest people. */
export interface Crowd {
  readonly name: string;
  /** What is special about it, for the documentation. */
  readonly doc: string;
  /** Share of all honest signups unless a parameter says otherwise. */
  readonly share: number;
  /** Groups with `size` accounts in all. */
  groups(size: number, span: Span, random: Random): Iterable<Group>;
}

/**
 * Sizes of groups until all accounts are placed; the last group takes what is left. Where there are few accounts the
 * groups are smaller, so that a crowd is never one group alone that stands for all.
 */
export function* groupSizes(size: number, [low, most]: readonly [number, number], random: Random): Generator<number> {
  const high = Math.max(low, Math.min(most, size / 3));
  for (let left = size; left > 0; ) {
    const next = Math.min(left, Math.round(random.logBetween(low, high)));
    left -= next;
    yield next;
  }
}

interface Member {
  readonly at: number;
  readonly planned: PlannedAccount;
  readonly random: Random;
}

export const honest =
  (crowd: string, unit?: string) =>
  ({ at, planned, random }: Member): Arrival => ({ at, planned, random, truth: { kind: 'honest', crowd, unit } });
