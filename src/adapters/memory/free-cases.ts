import type { CaseRecord } from '../../cases/case-records.js';
import { isFree } from '../../cases/is-free.js';

/** Accounts with a free case of their own, and what is new about them since somebody looked. */
export class MemoryFreeCases {
  private readonly accounts = new Set<string>();
  private newAccounts = new Set<string>();
  private newRings = new Set<string>();

  get isNews(): boolean {
    return this.newAccounts.size > 0 || this.newRings.size > 0;
  }

  all(): Iterable<string> {
    return this.accounts;
  }

  put(record: CaseRecord): void {
    const { accountId, ringId, wholeRing, state } = record;
    if (wholeRing) {
      if (ringId !== null && state !== 'decided') this.noteRing(ringId);
    } else if (isFree(record)) {
      this.accounts.add(accountId);
      this.newAccounts.add(accountId);
    } else this.forget(accountId);
  }

  forget(accountId: string): void {
    this.accounts.delete(accountId);
    this.newAccounts.delete(accountId);
  }

  /** It is in another ring, or in one for the first time. */
  noteMember(accountId: string): void {
    if (this.accounts.has(accountId)) this.newAccounts.add(accountId);
  }

  /** It took in another ring, or has a case, or what was decided about it is over. */
  noteRing(ringId: string): void {
    if (this.accounts.size > 0) this.newRings.add(ringId);
  }

  takeNews(): { readonly accounts: Iterable<string>; readonly rings: Iterable<string> } {
    const news = { accounts: this.newAccounts, rings: this.newRings };
    this.newAccounts = new Set();
    this.newRings = new Set();
    return news;
  }
}
