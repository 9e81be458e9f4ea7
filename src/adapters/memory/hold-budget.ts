import type { BudgetReading, HeldAccounts, HoldBudget } from '../../evaluate/hold-budget.js';
import type { Instant } from '../../model/time.js';
import type { MemoryTruth } from './memory-truth.js';

/** With the meaning of the SQL one. */
export class MemoryHoldBudget implements HoldBudget {
  readonly told: BudgetReading[] = [];
  private readonly periods = new Set<string>();

  constructor(private readonly truth: MemoryTruth) {}

  async heldSince(since: Instant): Promise<HeldAccounts> {
    const approved = new Map<string, boolean>();
    for (const account of this.truth.accounts.keys())
      for (const one of this.truth.casesOf(account))
        if (one.openedAt >= since) approved.set(account, approved.get(account) === true || one.decision === 'approve');
    const held = [...approved].filter(([accountId]) => this.truth.accounts.get(accountId)?.label !== 'fraud');
    const honest = held.filter(([accountId, isApproved]) => isApproved || this.isHonest(accountId));
    return { held: held.length, honest: honest.length };
  }

  async alert(reading: BudgetReading): Promise<boolean> {
    const period = `${reading.overMs} ${Math.floor(reading.at / reading.overMs)}`;
    if (this.periods.has(period)) return false;
    this.periods.add(period);
    this.told.push(reading);
    return true;
  }

  private isHonest(accountId: string): boolean {
    const account = this.truth.accounts.get(accountId);
    return account?.verified === true || account?.label === 'honest';
  }
}
