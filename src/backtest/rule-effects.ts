import { outcomeOf } from '../decisions/decide.js';
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
  const without = (hit: RuleHit): Outcome =>
    onlyAdds(hit, decided.outcome)
      ? 'allow'
      : outcomeOf(
          hits.filter((other) => other !== hit),
          context,
        );
  return [
    ...hits.map((hit) => ({ hit, isLive: true, otherwise: without(hit) })),
    ...shadowHits.map((hit) => ({ hit, isLive: false, otherwise: outcomeOf([...hits, hit], context) })),
  ];
}

/** What is let in with a hit that speaks against the account is let in without it. */
const onlyAdds = ({ points, rule }: RuleHit, outcome: Outcome): boolean =>
  outcome === 'allow' && points > 0 && rule.atMost === undefined;
