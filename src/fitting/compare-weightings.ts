import { type Share, shareOf } from '../model/share.js';
import type { Observation } from './observation.js';
import { isStopped, stateUnder, type Weighting } from './weigh-observation.js';

export interface Figures {
  /** Fraudulent accounts that are held or denied. */
  readonly recall: Share;
  readonly falseHolds: Share;
  readonly falseLimits: Share;
}

/** Honest accounts with one trait that would be held more often than today. */
export interface Payer {
  readonly trait: string;
  readonly value: string;
  readonly before: Share;
  readonly after: Share;
}

export function figuresOf(observations: readonly Observation[], weighting: Weighting): Figures {
  const counts = { fraud: 0, honest: 0, caught: 0, held: 0, limited: 0 };
  for (const one of observations) {
    const state = stateUnder(one, weighting);
    counts[one.label]++;
    if (one.label === 'fraud' && isStopped(state)) counts.caught++;
    if (one.label === 'honest' && isStopped(state)) counts.held++;
    if (one.label === 'honest' && state === 'limited') counts.limited++;
  }
  return {
    recall: shareOf(counts.caught, counts.fraud),
    falseHolds: shareOf(counts.held, counts.honest),
    falseLimits: shareOf(counts.limited, counts.honest),
  };
}

/** Most newly held first. */
export function payersOf(observations: readonly Observation[], before: Weighting, after: Weighting): Payer[] {
  const found = new Map<string, { trait: string; value: string; of: number; before: number; after: number }>();
  for (const one of observations) {
    if (one.label !== 'honest') continue;
    const heldBefore = isStopped(stateUnder(one, before));
    const heldAfter = isStopped(stateUnder(one, after));
    for (const [trait, value] of one.traits) {
      const key = JSON.stringify([trait, value]);
      const row = found.get(key) ?? { trait, value, of: 0, before: 0, after: 0 };
      found.set(key, row);
      row.of++;
      if (heldBefore) row.before++;
      if (heldAfter) row.after++;
    }
  }
  return [...found.values()]
    .filter((row) => row.after > row.before)
    .sort((a, b) => b.after - b.before - (a.after - a.before) || (a.trait + a.value < b.trait + b.value ? -1 : 1))
    .map(({ trait, value, of, ...row }) => ({
      trait,
      value,
      before: shareOf(row.before, of),
      after: shareOf(row.after, of),
    }));
}

/** Accounts whose access would be another, as `admitted to held` and how many. */
export function changesOf(
  observations: readonly Observation[],
  before: Weighting,
  after: Weighting,
): ReadonlyMap<string, { fraud: number; honest: number }> {
  const changes = new Map<string, { fraud: number; honest: number }>();
  for (const one of observations) {
    const [from, to] = [stateUnder(one, before), stateUnder(one, after)];
    if (from === to) continue;
    const row = changes.get(`${from} to ${to}`) ?? { fraud: 0, honest: 0 };
    changes.set(`${from} to ${to}`, row);
    row[one.label]++;
  }
  return changes;
}
