import type { Instant } from '../model/time.js';

export interface TrustedAccount {
  readonly account: string;
  /** Its first event. */
  readonly since: Instant;
}

const noAccounts: string[] = [];
const noTimes: Instant[] = [];

/**
 * The accounts of one key that were there first: no more than the author wants to tell apart, and none that was ever out. Two
 * lists and no table: most keys have one account, and those that have many have a few dozen.
 */
export class TrustedKey {
  private accounts = noAccounts;
  /** Parallel to the accounts. */
  private since = noTimes;

  constructor(private readonly most: number) {}

  add({ account, since }: TrustedAccount): void {
    // Younger than all that have a place: it would not keep one.
    if (this.accounts.length === this.most && since > (this.since[this.youngest()] ?? 0)) return;
    const place = this.accounts.indexOf(account);
    if (place >= 0) {
      if (since < (this.since[place] ?? since)) this.since[place] = since;
      return;
    }
    if (this.accounts.length === 0) {
      // Of the length of one: pushing to empty lists would make room for seventeen.
      this.accounts = [account];
      this.since = [since];
    } else {
      this.accounts.push(account);
      this.since.push(since);
    }
    if (this.accounts.length > this.most) this.removeAt(this.youngest());
  }

  remove(account: string): void {
    this.removeAt(this.accounts.indexOf(account));
  }

  /** Accounts whose first event was before `until`; `own` as if it were there already. */
  sinceBefore(until: Instant, own: TrustedAccount | undefined): number {
    const isOwnOlder = own !== undefined && own.since < until;
    let found = isOwnOlder ? 1 : 0;
    for (let place = 0; place < this.since.length; place++)
      if ((this.since[place] ?? until) < until && !(isOwnOlder && this.accounts[place] === own.account)) found++;
    return Math.min(found, this.most);
  }

  private removeAt(place: number): void {
    if (place < 0) return;
    this.accounts.splice(place, 1);
    this.since.splice(place, 1);
  }

  private youngest(): number {
    let youngest = 0;
    for (let place = 1; place < this.since.length; place++) {
      const since = this.since[place] ?? 0;
      const other = this.since[youngest] ?? 0;
      if (since > other || (since === other && (this.accounts[place] ?? '') > (this.accounts[youngest] ?? '')))
        youngest = place;
    }
    return youngest;
  }
}
