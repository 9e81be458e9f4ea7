import type { Instant } from '../model/time.js';
import { endOfException } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

const dayMs = 86_400_000;

type Gauges = Pick<Metrics, 'rulesetEnforced' | 'ruleExceptionDays'>;

/** What operators should know of the rule set in use, told anew each time it is looked at; said aloud once for each set. */
export function createRuleSetTeller({ log, metrics }: { readonly log: Logger; readonly metrics: Gauges }) {
  let told = '';
  return ({ hash, policy, declarations }: RuleSet, now: Instant): void => {
    metrics.rulesetEnforced.set(policy.level === 'enforce' ? 1 : 0);
    metrics.ruleExceptionDays.reset();
    for (const { info, exceptions } of declarations) {
      const left = exceptions.map((exception) => (endOfException(exception) - now) / dayMs).filter((days) => days > 0);
      if (left.length > 0) metrics.ruleExceptionDays.set({ rule: info.id }, Math.round(10 * Math.min(...left)) / 10);
    }
    if (told !== hash && policy.level === 'report') log.warn({ hash }, reportsOnly);
    told = hash;
  };
}

export const reportsOnly =
  'NOTHING IS ENFORCED: policy.level is report, every account is admitted and decisions are only recorded';
