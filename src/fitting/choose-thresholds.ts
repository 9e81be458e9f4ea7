import type { Policy } from '../model/policy.js';
import type { Observation } from './observation.js';
import { isStopped, stateUnder, type Weighting } from './weigh-observation.js';

/** Hold thresholds that are tried; further down one family alone would nearly do. */
const holdRange = [45, 80] as const;

/**
 * The lowest hold threshold that keeps the held share of honest accounts within the policy's budget, or within what it is
 * today where that is more; then the lowest limit threshold that limits no more of them than today.
 */
export function chooseThresholds(training: readonly Observation[], fitted: Weighting, before: Weighting): Policy {
  const honest = training.filter(({ label }) => label === 'honest');
  const { policy } = fitted;
  const allowed = Math.max(policy.budget.heldShare, shareOf(honest, before, isStopped));
  const hold = lowest(holdRange, (threshold) => {
    const tried = withThresholds(fitted, { limit: Math.min(policy.thresholds.limit, threshold), hold: threshold });
    return shareOf(honest, tried, isStopped) <= allowed;
  });
  const thresholds = { ...policy.thresholds, hold: hold ?? policy.thresholds.hold };
  const limitedToday = shareOf(honest, before, (state) => state === 'limited');
  const limit = lowest([20, thresholds.hold], (threshold) => {
    const tried = withThresholds(fitted, { ...thresholds, limit: threshold });
    return shareOf(honest, tried, (state) => state === 'limited') <= limitedToday;
  });
  return { ...policy, thresholds: { ...thresholds, limit: limit ?? Math.min(thresholds.limit, thresholds.hold) } };
}

const withThresholds = ({ policy, factors }: Weighting, thresholds: Policy['thresholds']): Weighting => ({
  policy: { ...policy, thresholds },
  factors,
});

function shareOf(
  honest: readonly Observation[],
  weighting: Weighting,
  counts: (state: ReturnType<typeof stateUnder>) => boolean,
): number {
  if (honest.length === 0) return 0;
  return honest.filter((one) => counts(stateUnder(one, weighting))).length / honest.length;
}

/** Shares fall as the threshold rises, so that halving finds the edge. */
function lowest([from, to]: readonly [number, number], isEnough: (threshold: number) => boolean): number | undefined {
  if (!isEnough(to)) return undefined;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
