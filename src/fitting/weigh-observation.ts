import { type Decided, decide } from '../decisions/decide.js';
import { type AccessState, accessOf } from '../model/access.js';
import type { Policy } from '../model/policy.js';
import type { Observation } from './observation.js';

/** Points and thresholds that are tried. */
export interface Weighting {
  readonly policy: Policy;
  /** By rule id; a rule that is not named keeps its points. */
  readonly factors: ReadonlyMap<string, number>;
}

/** What the decision would have been: the same arithmetic as in the service, floors, caps and families included. */
export function weigh({ hits, isConfirmedFraud }: Observation, { policy, factors }: Weighting): Decided {
  const scaled = hits.map((hit) => ({
    ...hit,
    points: Math.max(-100, Math.min(hit.rule.pointsMax, hit.points * (factors.get(hit.rule.id) ?? 1))),
  }));
  const findings = { hits: scaled, shadowHits: [] };
  return decide(findings, { policy, missing: [], isConfirmedFraud, reasonOf: () => undefined });
}

export const stateUnder = (observation: Observation, weighting: Weighting): AccessState =>
  accessOf[weigh(observation, weighting).outcome];

export const isStopped = (state: AccessState): boolean => state === 'held' || state === 'denied';
