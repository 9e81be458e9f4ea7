import type { Remembered } from '../evaluate/account-memory.js';
import type { Instant } from '../model/time.js';

/**
 * What accounts are remembered by, as long as they were seen within `quietMs`, and at most twice that: a long file needs no
 * more memory than its last months.
 */
export class RecentAccounts {
  private recent = new Map<string, Remembered>();
  private older = new Map<string, Remembered>();
  private turnsAt: Instant = Number.NEGATIVE_INFINITY;

  constructor(private readonly quietMs: number) {}

  get(account: string, at: Instant): Remembered | undefined {
    if (at >= this.turnsAt) this.turn(at);
    const known = this.recent.get(account);
    if (known !== undefined) return known;
    const old = this.older.get(account);
    if (old !== undefined) this.recent.set(account, old);
    return old;
  }

  set(account: string, remembered: Remembered): void {
    this.recent.set(account, remembered);
  }

  private turn(at: Instant): void {
    // The first event begins the first period.
    if (this.turnsAt > Number.NEGATIVE_INFINITY) {
      this.older = at >= this.turnsAt + this.quietMs ? new Map() : this.recent;
      this.recent = new Map();
    }
    this.turnsAt = at + this.quietMs;
  }
}
