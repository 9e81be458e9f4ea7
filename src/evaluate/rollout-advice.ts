import { outcomeRank } from '../model/policy.js';
import { shareOf } from '../model/share.js';
import type { RuleCounts } from './rule-counts.js';
import type { EvidenceReport, RuleEvidence } from './rule-evidence.js';
import type { RuleSide } from './rule-side.js';

/** What a rule has to show before it counts; docs/rollout.md tells why. */
const criteria = {
  /** In this mode, saying this. */
  watchedMs: 86_400_000,
  evaluated: 1000,
  labelled: 20,
  /** Lower end of the interval of precision; of a rule that speaks for people, of the honest share of those it changes. */
  precisionLow: 0.7,
  /** Upper end below this: rather wrong than right. */
  precisionHigh: 0.5,
} as const;

export interface AdviceInput {
  readonly side: RuleSide;
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

const reasonsToWithdraw = (input: AdviceInput): string[] => [
  ...(input.isBlown ? ['its fuse has blown'] : []),
  ...questions[seenSide(input)].withdraw(input),
];

function reasonsToWatch(input: AdviceInput): string[] {
  const { counts, watchedMs } = input;
  const reasons: string[] = [];
  if (watchedMs < criteria.watchedMs)
    reasons.push(`watched for ${(watchedMs / 3_600_000).toFixed(1)} hours of ${criteria.watchedMs / 3_600_000}`);
  if (counts.evaluated < criteria.evaluated)
    reasons.push(`${counts.evaluated} events of its types of the ${criteria.evaluated} that are needed`);
  return [...reasons, ...questions[seenSide(input)].watch(input)];
}

/** Where the points do not tell the side, decisions that come out otherwise do, if all of them do so in one direction. */
function seenSide({ side, evidence }: AdviceInput): RuleSide {
  if (side !== 'unknown') return side;
  const rises = evidence.changes.map(({ from, to }) => outcomeRank[to] > outcomeRank[from]);
  if (rises.length === 0 || new Set(rises).size > 1) return 'unknown';
  return rises[0] === true ? 'against' : 'for';
}

interface Questions {
  withdraw(input: AdviceInput): string[];
  watch(input: AdviceInput): string[];
}

/** Of a rule against people: is it right about them, and who of the honest pays? */
const against: Questions = {
  withdraw: ({ evidence: { precision, honestPay }, report, budget }) => {
    const reasons: string[] = [];
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
  },
  watch: ({ evidence: { precision, honestPay }, report, budget }) => {
    const reasons: string[] = [];
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
  },
};

/** Of a rule for people: how many of those whose outcome it changes are fraud? Whom else it fires on does not matter. */
const forPeople: Questions = {
  withdraw: ({ evidence: { freed } }) =>
    freed.of >= criteria.labelled && 1 - freed.low < criteria.precisionHigh
      ? [
          `at least ${percent(freed.low)} of the labelled accounts that come out looser with it are fraud, and ${percent(criteria.precisionHigh)} would be a coin`,
        ]
      : [],
  watch: ({ evidence: { freed } }) => {
    if (freed.of < criteria.labelled)
      return [
        `no answer whom it lets in: ${freed.of} labelled accounts come out looser with it of the ${criteria.labelled} that are needed`,
      ];
    return 1 - freed.high < criteria.precisionLow
      ? [
          `as many as ${percent(freed.high)} of the accounts that come out looser with it may be fraud; ${percent(1 - criteria.precisionLow)} is the most`,
        ]
      : [];
  },
};

const unknown: Questions = {
  withdraw: () => [],
  watch: () => [
    'no answer whether it is right: its points can speak for people and against them, and decisions do not tell which',
  ],
};

const questions: Readonly<Record<RuleSide, Questions>> = { against, for: forPeople, unknown };
