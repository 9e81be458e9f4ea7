import { dayText } from '../model/time.js';
import { inRollout } from './rollout.js';
import type { RuleDeclaration, RuleResult } from './rule-declaration.js';
import type { Excused, JudgeContext } from './rule-set.js';

/**
 * What a rule's firing comes to: it counts; it is only recorded (shadow, an account outside its roll-out, a blown fuse);
 * it is not even that (cleared for this account, off). `excepted`: it would have fired but for an exception. `none`: it
 * does not fire.
 */
export const ruleEffects = ['counts', 'shadow', 'rollout', 'fuse', 'cleared', 'excepted', 'off', 'none'] as const;
export type RuleEffect = (typeof ruleEffects)[number];

/** An exception that kept a rule from firing. */
export interface ExceptionInForce {
  readonly when: string;
  readonly why: string;
  readonly owner: string;
  /** Its last day. */
  readonly until: string;
}

/** Undefined for a rule that was cleared for the account, and for one without an excuse. */
export function exceptionOf(
  { exceptions }: RuleDeclaration,
  excuse: Excused | undefined,
): ExceptionInForce | undefined {
  const holds = exceptions[excuse?.exception ?? -1];
  return holds && { when: holds.when.text, why: holds.why, owner: holds.owner, until: dayText(holds.lastDay) };
}

/** Whom the rules look at; without it nobody's clearing, roll-out or fuse is considered. */
export type EffectContext = Omit<JudgeContext, 'now'>;

export function effectOf(
  { info }: RuleDeclaration,
  { result, excuse }: { result: RuleResult; excuse: Excused | undefined },
  context: EffectContext | undefined,
): RuleEffect {
  if (excuse === undefined && result !== 'fires') return 'none';
  if (info.mode === 'off') return 'off';
  if (excuse !== undefined) return excuse.exception === null ? 'cleared' : 'excepted';
  if (info.mode === 'shadow') return 'shadow';
  if (context?.blownRules?.has(info.id) === true) return 'fuse';
  if (info.mode === 'live' || context === undefined) return 'counts';
  return inRollout(info.id, context.accountId, info.mode.rollout) ? 'counts' : 'rollout';
}
