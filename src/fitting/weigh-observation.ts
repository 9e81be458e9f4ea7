import { type Decided, decide } from '../decisions/decide.js';
import { type AccessState, stateOfOutcome } from '../model/access.js';
import type { Policy } from '../model/policy.js';
import type { RuleHit } from '../model/rule.js';
import type { Observation } from './observation.js';
import { writtenPoints } from './points-diff.js';

/** Points and thresholds that are tried. */
export interface Weighting {
  readonly policy: Policy;
  /** By rule id; a rule that is not named keeps its points. */
  readonly factors: ReadonlyMap<string, number>;
}

/**
 * What the decision would have been: the same arithmetic as in the service, floors, caps and families included. A policy that
 * only reports is looked at as if it were enforced: else nobody would ever pay.
 */
export function weigh({ hits }: Observation, { policy, factors }: Weighting): Decided {
  const weighed = hits.map((hit) => ({ ...hit, points: pointsUnder(hit, factors.get(hit.rule.id)) }));
  const findings = { hits: weighed, shadowHits: [] };
  const enforced = { ...policy, level: 'enforce' as const };
  return decide(findings, { policy: enforced, missing: [], reasonOf: () => undefined });
}

/** As the proposed diff writes them, which rounds numbers and cuts before it multiplies: what a person would apply. */
function pointsUnder({ rule, points }: RuleHit, factor: number | undefined): number {
  if (factor === undefined) return points;
  const written = Number(writtenPoints(rule.points, factor, rule.pointsMax));
  const proposed = Number.isFinite(written) ? written : points * factor;
  return Math.min(rule.pointsMax, proposed);
}

export const stateUnder = (observation: Observation, weighting: Weighting): AccessState =>
  stateOfOutcome[weigh(observation, weighting).outcome];

export const isStopped = (state: AccessState): boolean => state === 'held' || state === 'denied';
