import { type DecideContext, decide } from '../decisions/decide.js';
import { explainOutcome, type OutcomeExplanation } from '../decisions/explain-outcome.js';
import type { EventType } from '../model/event-type.js';
import { featureInputs } from '../model/feature.js';
import type { InputGroup } from '../model/policy.js';
import type { RuleHit } from '../model/rule.js';
import { finishSteps, type Pace, runInSlices } from '../model/steps.js';
import type { Instant } from '../model/time.js';
import { isOutage, type Slots } from '../model/value.js';
import { explainSteps, type RuleExplanation } from '../ruleset/explain-rules.js';
import { flipDistance } from '../ruleset/find-flip.js';
import type { EffectContext, RuleEffect } from '../ruleset/rule-effect.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { type HitOn, hitOfRule } from './hit-of-rule.js';

interface ExplainEvent {
  readonly slots: Slots;
  readonly type: EventType;
  readonly now: Instant;
  readonly context: EffectContext;
  /** What had to be done without; found in the slots where it is not known. */
  readonly missing?: readonly InputGroup[];
  /** The hits that are known to have counted; found by the rules where they are not. */
  readonly hits?: readonly RuleHit[] | undefined;
  /** Lets other work go on; all at once without it. */
  readonly pace?: Pace | undefined;
}

export interface EventExplanation {
  readonly rules: readonly RuleExplanation[];
  readonly outcome: OutcomeExplanation;
}

/** Why each rule of the event's type fired or not, and how the outcome came about. */
export async function explainEvent(ruleSet: RuleSet, request: ExplainEvent): Promise<EventExplanation> {
  const steps = explainSteps(ruleSet, request);
  const rules = request.pace === undefined ? finishSteps(steps) : ((await runInSlices(steps, request.pace)) ?? []);
  const { slots, type, now, context } = request;
  const hits = request.hits ?? ruleSet.judge(type, slots, { ...context, now }).hits;
  const missing = request.missing ?? missingGroups(ruleSet, type, slots);
  const decideContext: DecideContext = {
    policy: ruleSet.policy,
    missing,
    reasonOf: (code) => ruleSet.reasons.get(code),
  };
  const outcome = explainOutcome({ hits, shadowHits: [] }, decideContext, nearHits(ruleSet, rules, request));
  return { rules: rules.map((rule) => withWouldBe(rule, { ruleSet, hits, decideContext, request })), outcome };
}

interface Counted {
  readonly ruleSet: RuleSet;
  readonly hits: readonly RuleHit[];
  readonly decideContext: DecideContext;
  readonly request: ExplainEvent;
}

/** Of a rule that was only recorded, what it would have made of the outcome. */
function withWouldBe(rule: RuleExplanation, { ruleSet, hits, decideContext, request }: Counted): RuleExplanation {
  if (!onlyRecorded.has(rule.effect)) return rule;
  const hit = hitOfRule(ruleSet, rule.id, hitOn(request, request.slots));
  if (hit === undefined) return rule;
  const decided = decide({ hits: [...hits, hit], shadowHits: [] }, decideContext);
  return { ...rule, would_be: decided.reported?.outcome ?? decided.outcome };
}

const hitOn = ({ type, now, context: { accountId } }: ExplainEvent, slots: Slots): HitOn => ({
  type,
  slots,
  context: { accountId, now },
});

const onlyRecorded: ReadonlySet<RuleEffect> = new Set(['shadow', 'rollout', 'fuse']);

function missingGroups(ruleSet: RuleSet, type: EventType, slots: Slots): InputGroup[] {
  const { signals, features, rings } = ruleSet.needs(type);
  const groups: readonly (readonly [InputGroup, readonly number[]])[] = [
    ['ip_intel', signals.map(({ slot }) => slot)],
    ['velocity', features.flatMap(({ spec, slot }) => featureInputs(spec).map((_, index) => slot + index))],
    ['ring', rings.map(({ slot }) => slot)],
  ];
  return groups.flatMap(([group, places]) => (places.some((slot) => isOutage(slots[slot])) ? [group] : []));
}

/** Hits of rules that would count if they fired and that a small change makes fire, nearest first, as they would be. */
function nearHits(ruleSet: RuleSet, rules: readonly RuleExplanation[], request: ExplainEvent): RuleHit[] {
  const { slots, context } = request;
  const declarations = new Map(ruleSet.declarations.map((declaration) => [declaration.info.id, declaration]));
  const near = rules.filter(
    ({ result, effect, flip }) => result !== 'fires' && effect === 'none' && flip !== undefined,
  );
  return near.sort(byDistance).flatMap((one) => {
    const { id, flip = [] } = one;
    const declaration = declarations.get(id);
    if (declaration === undefined || declaration.info.mode !== 'live' || context.clearedRules?.has(id)) return [];
    const changed = slots.slice();
    for (const { name, to } of flip) changed[ruleSet.slotOf(name) ?? changed.length] = to;
    return hitOfRule(ruleSet, id, hitOn(request, changed)) ?? [];
  });
}

const byDistance = (a: RuleExplanation, b: RuleExplanation): number => flipDistance(a.flip) - flipDistance(b.flip);
