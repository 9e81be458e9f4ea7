import { isClaimable } from '../../cases/as-of.js';
import { waitsFrom } from '../../cases/case-priority.js';
import type { CaseRecord, NextPick } from '../../cases/case-records.js';
import { isInLane, isLanePick, mayPick } from '../../cases/fair-lane.js';
import type { MemoryTruth } from './memory-truth.js';

/** The next case for whoever asks, or that of the lane when it is its turn. */
export function pickCase(truth: MemoryTruth, pick: NextPick): CaseRecord | undefined {
  truth.picks += 1;
  const claimable = [...truth.cases.values()].filter((one) => isClaimable(one, pick.now) && mayPick(one, pick));
  const lane = isLanePick(truth.picks)
    ? first(
        claimable.filter((one) => isInLane(one) && !awaitsAnswer(truth, one)),
        ({ openedAt }) => openedAt,
      )
    : undefined;
  return lane ?? first(claimable, waitsFrom);
}

/** There is nothing for a person to do yet. */
const awaitsAnswer = (truth: MemoryTruth, { id, accountId }: CaseRecord): boolean =>
  (truth.verifications.get(accountId) ?? []).some(({ caseId, state }) => caseId === id && state === 'requested');

const first = (cases: readonly CaseRecord[], placeOf: (one: CaseRecord) => number): CaseRecord | undefined =>
  cases.reduce<CaseRecord | undefined>((best, one) => {
    if (best === undefined) return one;
    const distance = placeOf(one) - placeOf(best);
    return distance < 0 || (distance === 0 && one.id < best.id) ? one : best;
  }, undefined);
