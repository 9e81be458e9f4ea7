import { burstMembers, type FeatureSpec } from '../model/feature.js';
import { Immature, type Reading, type Slots } from '../model/value.js';

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
    /** Events of the key since the baseline ends; needed, and told, only where `held` is not zero. */
    readonly recent = 0,
    /** Of those, events of accounts that are not in good standing. */
    readonly held = 0,
  ) {}
}

/** Fewer events than this say nothing of what is usual. */
export const leastBaseline = 500;
/** A key that was never seen is expected a little all the same: else one event would be infinitely many. */
const unseen = 0.3;

/** The same counts against a share that is known already; `others` happened in the window besides. */
export const withShare = ({ count, total, recent, held }: BurstFigures, share: number, others = 0): BurstFigures =>
  new BurstFigures(count, total + others, share * knownTotal - unseen, knownTotal, recent, held);

/** Large enough that `unseen` can be taken off any share without a loss of digits. */
const knownTotal = 1_000_000;

const cold = new Immature('baseline_cold');

interface BurstSlots {
  readonly slots: Slots;
  /** Of the first member. */
  readonly slot: number;
}

/** Of the members that are told of a cold burst as well. */
const heldMember = burstMembers.indexOf('held');

/** The members of a burst, in the order of `burstMembers`. */
export function writeBurst(
  { count, total, baseline, baselineTotal, recent, held }: BurstFigures,
  { min = 1 }: Pick<FeatureSpec, 'min'>,
  { slots, slot }: BurstSlots,
): void {
  slots[slot + heldMember] = held;
  slots[slot + heldMember + 1] = held > 0 ? Math.min(1, held / recent) : 0;
  if (baselineTotal < leastBaseline) {
    slots.fill(cold, slot, slot + heldMember);
    return;
  }
  // Whatever a store answers: fewer than none is none.
  const share = Math.max(0, baseline + unseen) / baselineTotal;
  // The total is counted in sixteenths of the window: it may come out a little below the key's own exact count.
  const expected = share * Math.max(total, count);
  slots[slot] = count;
  slots[slot + 1] = expected;
  slots[slot + 2] = count / Math.max(expected, unseen);
  slots[slot + 3] = count >= min ? (count - expected) / Math.sqrt(expected + 1) : 0;
}

export function burstReadings(figures: BurstFigures, spec: Pick<FeatureSpec, 'min'>): readonly Reading[] {
  const slots: Slots = [];
  for (let index = 0; index < burstMembers.length; index++) slots.push(undefined);
  writeBurst(figures, spec, { slots, slot: 0 });
  return slots;
}
