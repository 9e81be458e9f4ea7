import { outcomeOf } from '../decisions/decide.js';
import { outcomeWithout } from '../decisions/outcome-without.js';
import type { Outcome, RuleHit } from '../model/rule.js';
import type { JudgedRow } from './column-judge.js';

/** A hit, and what the decision would be if its rule were shadow instead of live, or live instead of shadow. */
export interface HitEffect {
  readonly hit: RuleHit;
  readonly isLive: boolean;
  readonly otherwise: Outcome;
}

/** What each rule that fired had to do with the decision. */
export function effectsOf({ decided, findings, context }: JudgedRow): HitEffect[] {
  const { hits, shadowHits } = findings;
  const came = { hits, outcome: decided.outcome };
  return [
    ...hits.map((hit) => ({ hit, isLive: true, otherwise: outcomeWithout(hit, came, context) })),
    ...shadowHits.map((hit) => ({ hit, isLive: false, otherwise: outcomeOf([...hits, hit], context) })),
  ];
}
