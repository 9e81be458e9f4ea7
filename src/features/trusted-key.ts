import type { Instant } from '../model/time.js';

interface KnownAccount {
  readonly account: string;
  /** Its first event. */
  readonly since: Instant;
}

/** The accounts of one key that were there first: no more than the author wants to tell apart, and none that was ever out. */
export class TrustedKey {
  private readonly since = new Map<string, Instant>();

  constructor(private readonly most: number) {}

  add({ account, since }: KnownAccount): void {
    const known = this.since.get(account);
    if (known !== undefined && known <= since) return;
    this.since.set(account, since);
    if (this.since.size > this.most) this.since.delete(this.youngest());
  }

  remove(account: string): void {
    this.since.delete(account);
  }

  /** Accounts whose first event was before `until`; `own` as if it were there already. */
  sinceBefore(until: Instant, own: KnownAccount | undefined): number {
    const isOwnOlder = own !== undefined && own.since < until;
    let found = isOwnOlder ? 1 : 0;
    for (const [account, since] of this.since) if (since < until && !(isOwnOlder && account === own.account)) found++;
    return Math.min(found, this.most);
  }

  private youngest(): string {
    let youngest: readonly [account: string, since: Instant] = ['', Number.NEGATIVE_INFINITY];
    for (const one of this.since)
      if (one[1] > youngest[1] || (one[1] === youngest[1] && one[0] > youngest[0])) youngest = one;
    return youngest[0];
  }
}
