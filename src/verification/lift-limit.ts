import type { LimitingDecision } from '../cases/case-records.js';

/**
 * What lifts the limit of an account, and the rules that count against it no more then. None where one of the decisions
 * asked for nothing: no verification answers what that one saw.
 */
export function liftOf(limits: readonly LimitingDecision[]): LimitingDecision | undefined {
  if (limits.length === 0 || limits.some(({ verify }) => verify.length === 0)) return undefined;
  return {
    verify: [...new Set(limits.flatMap(({ verify }) => verify))],
    rules: [...new Set(limits.flatMap(({ rules }) => rules))],
  };
}
