import type { Outcome, RuleHit } from '../model/rule.js';
import { type DecideContext, outcomeOf } from './decide.js';

/** An outcome and the hits it came from. */
interface Came {
  readonly hits: readonly RuleHit[];
  readonly outcome: Outcome;
}

/** What it would have been, had the rule of this hit not fired. */
export const outcomeWithout = (hit: RuleHit, { hits, outcome }: Came, context: DecideContext): Outcome =>
  onlyAdds(hit, outcome)
    ? outcome
    : outcomeOf(
        hits.filter((other) => other !== hit),
        context,
      );

/** What is let in with a hit that speaks against the account is let in without it. */
const onlyAdds = ({ points, rule }: RuleHit, outcome: Outcome): boolean =>
  outcome === 'allow' && points > 0 && rule.atMost === undefined;

/** A rule without which the outcome would have been another, and which. */
export interface WithoutRule {
  readonly rule: string;
  readonly outcome: Outcome;
}

/** The rules that turned the outcome, each by itself. */
export function decidingRules(came: Came, context: DecideContext): WithoutRule[] {
  const deciding: WithoutRule[] = [];
  for (const hit of came.hits) {
    const outcome = outcomeWithout(hit, came, context);
    if (outcome !== came.outcome) deciding.push({ rule: hit.rule.id, outcome });
  }
  return deciding;
}
