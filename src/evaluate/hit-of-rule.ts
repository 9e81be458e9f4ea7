import type { EventType } from '../model/event-type.js';
import type { RuleHit } from '../model/rule.js';
import type { Slots } from '../model/value.js';
import type { JudgeContext, RuleSet } from '../ruleset/rule-set.js';

export interface HitOn {
  readonly type: EventType;
  readonly slots: Slots;
  readonly context: Pick<JudgeContext, 'accountId' | 'now'>;
}

/** The hit of a rule whose condition is TRUE, whatever its mode; undefined where an exception or unknown points stop it. */
export function hitOfRule(ruleSet: RuleSet, id: string, { type, slots, context }: HitOn): RuleHit | undefined {
  const number = ruleSet.running(type).findIndex(({ info }) => info.id === id);
  if (number < 0) return undefined;
  const { hits, shadowHits } = ruleSet.settle(type, [number], slots, context);
  return hits[0] ?? shadowHits[0];
}
