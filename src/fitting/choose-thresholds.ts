import type { Policy } from '../model/policy.js';
import type { Observation } from './observation.js';
import { isStopped, stateUnder, type Weighting } from './weigh-observation.js';

/** Hold thresholds that are tried, and all between them and today's; further down one family alone would nearly do. */
const holdRange = [45, 80] as const;

/** A lower threshold that catches less than this more of the frauds is not worth telling anybody. */
const leastGain = 0.005;

/**
 * Thresholds that keep the held share of honest accounts within the policy's budget (or within what it is today where that is
 * more), and limit no more of them than today. Among those, the highest hold threshold that catches nearly as much as the
 * lowest would; today's where lowering it gains nothing. Undefined where no thresholds keep both.
 */
export function chooseThresholds(
  training: readonly Observation[],
  fitted: Weighting,
  before: Weighting,
): Policy | undefined {
  const { policy } = fitted;
  const of = (label: Observation['label']) => training.filter((one) => one.label === label);
  const [honest, fraud] = [of('honest'), of('fraud')];
  const hold = chooseHold({
    honest,
    fraud,
    fitted,
    allowed: Math.max(policy.budget.heldShare, heldShare(honest, before)),
  });
  if (hold === undefined) return undefined;
  const limit = Math.min(policy.thresholds.limit, hold);
  const limitedToday = shareOf(honest, before, (state) => state === 'limited');
  const isEnough = (threshold: number): boolean =>
    shareOf(honest, withThresholds(fitted, { hold, limit: threshold }), (state) => state === 'limited') <= limitedToday;
  const chosen = lowest([limit, hold], isEnough);
  return chosen === undefined ? undefined : { ...policy, thresholds: { limit: chosen, hold } };
}

interface HoldChoice {
  readonly honest: readonly Observation[];
  readonly fraud: readonly Observation[];
  readonly fitted: Weighting;
  /** Share of honest accounts that may be held. */
  readonly allowed: number;
}

function chooseHold({ honest, fraud, fitted, allowed }: HoldChoice): number | undefined {
  const today = fitted.policy.thresholds.hold;
  const [from, to] = [Math.min(holdRange[0], today), Math.max(holdRange[1], today)];
  const held = (of: readonly Observation[], hold: number): number =>
    heldShare(of, withThresholds(fitted, { limit: Math.min(fitted.policy.thresholds.limit, hold), hold }));
  const least = lowest([from, to], (hold) => held(honest, hold) <= allowed);
  if (least === undefined) return undefined;
  const most = held(fraud, least);
  if (today >= least && most - held(fraud, today) < leastGain) return today;
  const tooHigh = lowest([least, to], (hold) => held(fraud, hold) < most - leastGain);
  return tooHigh === undefined ? to : Math.max(least, tooHigh - 1);
}

const heldShare = (of: readonly Observation[], weighting: Weighting): number => shareOf(of, weighting, isStopped);

const withThresholds = ({ policy, factors }: Weighting, thresholds: Policy['thresholds']): Weighting => ({
  policy: { ...policy, thresholds },
  factors,
});

function shareOf(
  observations: readonly Observation[],
  weighting: Weighting,
  counts: (state: ReturnType<typeof stateUnder>) => boolean,
): number {
  if (observations.length === 0) return 0;
  return observations.filter((one) => counts(stateUnder(one, weighting))).length / observations.length;
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
