import type { FeatureSpec } from '../model/feature.js';
import { Immature, type Reading } from '../model/value.js';

/** What stores supply of one burst; everything else follows from it. */
export class BurstFigures {
  constructor(
    /** Events of the key in the window. */
    readonly count: number,
    /** Events of all keys in the window. */
    readonly total: number,
    /** Events of the key in the baseline, of accounts in good standing. */
    readonly baseline: number,
    /** Events of all keys in the baseline, of accounts in good standing. */
    readonly baselineTotal: number,
  ) {}
}

/** Fewer events than this say nothing of what is usual. */
export const leastBaseline = 500;
/** A key that was never seen is expected a little all the same: else one event would be infinitely many. */
const unseen = 0.3;

/** The same counts against a share that is known already; `others` happened in the window besides. */
export const withShare = ({ count, total }: BurstFigures, share: number, others = 0): BurstFigures =>
  new BurstFigures(count, total + others, share * knownTotal - unseen, knownTotal);

/** Large enough that `unseen` can be taken off any share without a loss of digits. */
const knownTotal = 1_000_000;

const cold = new Immature('baseline_cold');

/** The members of a burst in the order of `burstMembers`. */
export function burstReadings(figures: BurstFigures, { min = 1 }: Pick<FeatureSpec, 'min'>): readonly Reading[] {
  const { count, total, baseline, baselineTotal } = figures;
  if (baselineTotal < leastBaseline) return [cold, cold, cold, cold];
  const share = (baseline + unseen) / baselineTotal;
  // The total is counted in sixteenths of the window: it may come out a little below the key's own exact count.
  const expected = share * Math.max(total, count);
  const z = count >= min ? (count - expected) / Math.sqrt(expected + 1) : 0;
  return [count, expected, count / Math.max(expected, unseen), z];
}
