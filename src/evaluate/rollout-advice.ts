import { shareOf } from '../model/share.js';
import type { RuleCounts } from './rule-counts.js';
import type { EvidenceReport, RuleEvidence } from './rule-evidence.js';

/** What a rule has to show before it counts; docs/rollout.md tells why. */
export const criteria = {
  /** In this mode, saying this. */
  watchedMs: 86_400_000,
  evaluated: 1000,
  labelled: 20,
  /** Lower end of the interval of precision. */
  precisionLow: 0.7,
  /** Upper end below this: rather wrong than right. */
  precisionHigh: 0.5,
} as const;

export interface AdviceInput {
  readonly counts: Readonly<RuleCounts>;
  readonly watchedMs: number;
  readonly evidence: RuleEvidence;
  readonly report: Pick<EvidenceReport, 'accounts'>;
  /** policy.budget.held_share */
  readonly budget: number;
  readonly isBlown: boolean;
}

export interface Advice {
  readonly recommendation: 'promote' | 'watch' | 'withdraw';
  /** What speaks against letting it count; nothing when it may. */
  readonly reasons: readonly string[];
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;

/** May this rule count by now, and why not? */
export function adviseOn(input: AdviceInput): Advice {
  const against = reasonsToWithdraw(input);
  if (against.length > 0) return { recommendation: 'withdraw', reasons: against };
  const reasons = reasonsToWatch(input);
  return { recommendation: reasons.length === 0 ? 'promote' : 'watch', reasons };
}

function reasonsToWithdraw({ evidence, report, budget, isBlown }: AdviceInput): string[] {
  const { precision, honestPay } = evidence;
  const reasons: string[] = [];
  if (isBlown) reasons.push('its fuse has blown');
  if (precision.of >= criteria.labelled && precision.high < criteria.precisionHigh)
    reasons.push(
      `its precision is at most ${percent(precision.high)}, and ${percent(criteria.precisionHigh)} would be a coin`,
    );
  const pay = shareOf(honestPay, report.accounts);
  if (report.accounts > 0 && pay.low > budget)
    reasons.push(
      `at least ${percent(pay.low)} of all accounts are honest and would pay; the budget is ${percent(budget)}`,
    );
  return reasons;
}

function reasonsToWatch({ counts, watchedMs, evidence, report, budget }: AdviceInput): string[] {
  const { precision, honestPay } = evidence;
  const reasons: string[] = [];
  if (watchedMs < criteria.watchedMs)
    reasons.push(`watched for ${(watchedMs / 3_600_000).toFixed(1)} hours of ${criteria.watchedMs / 3_600_000}`);
  if (counts.evaluated < criteria.evaluated)
    reasons.push(`${counts.evaluated} events of its types of the ${criteria.evaluated} that are needed`);
  if (precision.of < criteria.labelled)
    reasons.push(`fired on ${precision.of} labelled accounts of the ${criteria.labelled} that are needed`);
  else if (precision.low < criteria.precisionLow)
    reasons.push(
      `its precision may be as low as ${percent(precision.low)}; ${percent(criteria.precisionLow)} is needed`,
    );
  if (report.accounts > 0 && honestPay / report.accounts > budget)
    reasons.push(
      `${percent(honestPay / report.accounts)} of all accounts are honest and would pay; the budget is ${percent(budget)}`,
    );
  return reasons;
}
