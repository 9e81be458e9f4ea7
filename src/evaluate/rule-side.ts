import { pointsRange } from '../ruleset/diff/points-range.js';
import { towards } from '../ruleset/diff/rule-words.js';
import type { RuleDeclaration } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';

/**
 * Whether a rule speaks for the people that it fires on (negative points, an allow-list) or against them; `unknown` where
 * its points may come out either way, as far as can be shown.
 */
export type RuleSide = 'against' | 'for' | 'unknown';

export function sideOf(rule: RuleDeclaration, { features }: Pick<RuleSet, 'features'>): RuleSide {
  const effect = towards(rule.info, pointsRange(rule, features));
  if (effect === 'stricter') return 'against';
  return effect === 'looser' ? 'for' : 'unknown';
}

/** Ids of the rules that speak for people. */
export const rulesForPeople = (ruleSet: Pick<RuleSet, 'declarations' | 'features'>): ReadonlySet<string> =>
  new Set(ruleSet.declarations.filter((rule) => sideOf(rule, ruleSet) === 'for').map(({ info }) => info.id));
