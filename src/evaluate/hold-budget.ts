import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';
import type { RuleLedger, RuleTotal } from './rule-ledger.js';

/** Accounts that were held in a time, those left out that are known to be fraud by now. */
export interface HeldAccounts {
  readonly held: number;
  /** Of those: approved or verified since, or labelled as honest. They paid for it. */
  readonly honest: number;
}

export interface BudgetReading extends HeldAccounts {
  readonly at: Instant;
  readonly evaluated: number;
  /** 0 to 1. */
  readonly heldShare: number;
  readonly honestShare: number;
  readonly limit: number;
  readonly overMs: number;
  readonly exceeded: boolean;
  /** Rules in most decisions to hold or deny. */
  readonly rules: readonly { readonly rule: string; readonly decisions: number }[];
}

/** Port: who was held, and who has been told of it. */
export interface HoldBudget {
  heldSince(since: Instant): Promise<HeldAccounts>;
  /** Records it and tells outbox and audit, once in a period: false when that has been done. */
  alert(reading: BudgetReading): Promise<boolean>;
}

/** With fewer accounts a single one would be too many. */
const leastEvaluated = 100;
const rulesNamed = 5;

/** How much of `policy.budget` is spent. */
export async function readBudget(
  { budget }: Pick<Policy, 'budget'>,
  { ledger, held, now }: { readonly ledger: RuleLedger; readonly held: HoldBudget; readonly now: Instant },
): Promise<BudgetReading> {
  const since = now - budget.overMs;
  const [evaluated, accounts, totals] = await Promise.all([
    ledger.evaluatedAccounts(since),
    held.heldSince(since),
    ledger.totals(since),
  ]);
  // Held with their ring or when judged again: they may have been evaluated before this time.
  const of = Math.max(evaluated, accounts.held, 1);
  const heldShare = accounts.held / of;
  return {
    ...accounts,
    at: now,
    evaluated,
    heldShare,
    honestShare: accounts.honest / of,
    limit: budget.heldShare,
    overMs: budget.overMs,
    exceeded: of >= leastEvaluated && heldShare > budget.heldShare,
    rules: mostHolding(totals),
  };
}

function mostHolding(totals: readonly RuleTotal[]): BudgetReading['rules'] {
  const byRule = new Map<string, number>();
  for (const { rule, counts } of totals) byRule.set(rule, (byRule.get(rule) ?? 0) + counts.held + counts.denied);
  return [...byRule]
    .filter(([, decisions]) => decisions > 0)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, rulesNamed)
    .map(([rule, decisions]) => ({ rule, decisions }));
}
