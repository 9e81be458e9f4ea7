import { compileExpression } from '../expression/compile-expression.js';
import { dayText, type Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import { truthOf } from './condition-tree.js';
import { inRollout } from './rollout.js';
import { endOfException, type RuleDeclaration, type RuleResult } from './rule-declaration.js';
import type { JudgeContext } from './rule-set.js';

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

/** The first exception that held at this time for these inputs. */
export function exceptionInForce(
  { exceptions }: RuleDeclaration,
  slots: Slots,
  now: Instant,
): ExceptionInForce | undefined {
  const holds = exceptions.find(
    (one) => now < endOfException(one) && truthOf(compileExpression(one.when), slots) === true,
  );
  return holds && { when: holds.when.text, why: holds.why, owner: holds.owner, until: dayText(holds.lastDay) };
}

/** Whom the rules look at; without it nobody's clearing, roll-out or fuse is considered. */
export type EffectContext = Omit<JudgeContext, 'now'>;

export function effectOf(
  { info }: RuleDeclaration,
  { result, exception }: { result: RuleResult; exception: ExceptionInForce | undefined },
  context: EffectContext | undefined,
): RuleEffect {
  if (exception !== undefined) return 'excepted';
  if (result !== 'fires') return 'none';
  if (info.mode === 'off') return 'off';
  if (context?.clearedRules?.has(info.id) === true) return 'cleared';
  if (info.mode === 'shadow') return 'shadow';
  if (context?.blownRules?.has(info.id) === true) return 'fuse';
  if (info.mode === 'live' || context === undefined) return 'counts';
  return inRollout(info.id, context.accountId, info.mode.rollout) ? 'counts' : 'rollout';
}
