import type { StoredDecision } from '../decisions/decision-log.js';
import { toTenths } from '../model/points.js';
import type { RuleHit } from '../model/rule.js';
import type { Slots } from '../model/value.js';
import type { RuleExplanation } from '../ruleset/explain-rules.js';
import { inRollout } from '../ruleset/rollout.js';
import type { EffectContext } from '../ruleset/rule-effect.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { RuleTrial } from '../ruleset/rule-trial.js';
import { hitOfRule } from './hit-of-rule.js';

type Recorded = Pick<StoredDecision, 'decision'>;

/**
 * What was cleared and which fuses were blown, as the decision itself tells it: a rule that is live for the account and was
 * only recorded had a blown fuse, and one that is cleared today had been cleared already unless it was recorded.
 */
export function recordedContext(
  { decision }: Recorded,
  ruleSet: RuleSet,
  clearedRules: readonly string[],
): EffectContext & { readonly clearedRules: ReadonlySet<string>; readonly blownRules: ReadonlySet<string> } {
  const counted = new Set(decision.reasons.map(({ rule }) => rule));
  const recorded = new Set(decision.shadow.map(({ rule }) => rule));
  const accountId = decision.account_id;
  const blown = ruleSet.rules.filter(
    ({ id, mode }) =>
      recorded.has(id) && (mode === 'live' || (typeof mode === 'object' && inRollout(id, accountId, mode.rollout))),
  );
  return {
    accountId,
    clearedRules: new Set(clearedRules.filter((id) => !counted.has(id) && !recorded.has(id))),
    blownRules: new Set(blown.map(({ id }) => id)),
  };
}

/** The hits that counted. Points are stored to a tenth; where they can be computed again they are exact. */
export function recordedHits({ decision }: Recorded, ruleSet: RuleSet, slots: Slots): RuleHit[] {
  const { type, account_id: accountId } = decision;
  const now = Date.parse(decision.decided_at);
  const declarations = new Map(ruleSet.declarations.map((declaration) => [declaration.info.id, declaration]));
  return decision.reasons.flatMap(({ rule, points, evidence, title }) => {
    const declaration = declarations.get(rule);
    if (declaration === undefined) return [];
    const exact = new RuleTrial(declaration, now).points(slots);
    const agrees = toTenths(exact) === points;
    const again = hitOfRule(ruleSet, rule, { type, slots, context: { accountId, now } });
    return {
      rule: declaration.info,
      points: agrees ? exact : points,
      evidence,
      title,
      onConfirmedFraud: again?.onConfirmedFraud ?? false,
      onOwnFraud: again?.onOwnFraud ?? false,
    };
  });
}

/** A rule as the decision says it came out, where what is left of its inputs no longer tells. */
export function asRecorded(rule: RuleExplanation, { decision }: Recorded): RuleExplanation {
  const reason = decision.reasons.find((one) => one.rule === rule.id);
  if (reason === undefined || rule.result === 'fires') return rule;
  const { flip: _ofAnotherResult, ...rest } = rule;
  return { ...rest, result: 'fires', points: reason.points, effect: 'counts' };
}

/** Where the explanation and the record say different things; nothing when they agree. */
export function disagreements(rules: readonly RuleExplanation[], { decision }: Recorded): string[] {
  const counted = new Set(decision.reasons.map(({ rule }) => rule));
  return rules.flatMap(({ id, result, effect, leaves }) => {
    if (!counted.has(id)) return effect === 'counts' ? [`${id} fires with what is known, and did not then`] : [];
    if (result === 'fires') return [];
    const why = leaves.flatMap(({ missing }) =>
      Object.entries(missing ?? {}).map(([name, reason]) => `${name}: ${reason}`),
    );
    return [
      `${id} fired then, and cannot be judged again${why.length === 0 ? '' : ` (${[...new Set(why)].join(', ')})`}`,
    ];
  });
}
