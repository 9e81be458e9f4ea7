import type { BurstKey, BurstTotals } from '../../features/burst-key.js';
import type { Standing } from '../../features/feature-store.js';
import type { TrustedKey } from '../../features/trusted-key.js';
import type { Instant } from '../../model/time.js';

/** One event that an account has counted for in one burst. */
interface Contribution {
  /** Undefined where the event was counted before. */
  readonly key: BurstKey | undefined;
  readonly totals: BurstTotals | undefined;
  readonly at: Instant;
}

interface KeptAccount {
  standing: Standing;
  /** When that was so. */
  at: Instant;
  wasOut: boolean;
  /** Three lists of one length instead of as many objects: there are as many as events and bursts. */
  readonly keys: Contribution['key'][];
  readonly totals: Contribution['totals'][];
  readonly times: Instant[];
  readonly trustedOn: Set<TrustedKey>;
  /** Event time after which nothing of it can be read. */
  until: Instant;
}

/** Of an account no more than this is taken back when it goes out: its latest events. */
const contributionsMost = 512;
/** A standing outlives every window. */
const standingLifetimeMs = 400 * 86_400_000;

const newAccount = (): KeptAccount => ({
  standing: 'good',
  at: Number.NEGATIVE_INFINITY,
  wasOut: false,
  keys: [],
  totals: [],
  times: [],
  trustedOn: new Set(),
  until: Number.NEGATIVE_INFINITY,
});

/** Which accounts are out, and what each has counted for. */
export class AccountStandings {
  private readonly accounts = new Map<string, KeptAccount>();

  wasOut(account: string): boolean {
    return this.accounts.get(account)?.wasOut === true;
  }

  /** An event of an account that is out is counted when it comes back. */
  contribute(account: string, contribution: Contribution, until: Instant): void {
    const kept = this.keep(account, until);
    const { keys, totals, times } = kept;
    keys.push(contribution.key);
    totals.push(contribution.totals);
    times.push(contribution.at);
    admit(contribution, kept.standing === 'good' ? 1 : 0);
    if (times.length > contributionsMost) for (const list of [keys, totals, times]) list.shift();
  }

  trust(account: string, key: TrustedKey, until: Instant): void {
    this.keep(account, until).trustedOn.add(key);
  }

  tell(account: string, standing: Standing, at: Instant): void {
    const kept = this.keep(account, at + standingLifetimeMs);
    if (standing === 'out') {
      kept.wasOut = true;
      for (const key of kept.trustedOn) key.remove(account);
      kept.trustedOn.clear();
    }
    if (kept.at > at) return;
    kept.at = at;
    if (kept.standing === standing) return;
    kept.standing = standing;
    const { keys, totals, times } = kept;
    for (const [index, when] of times.entries())
      admit({ key: keys[index], totals: totals[index], at: when }, standing === 'good' ? 1 : -1);
  }

  sweep(newest: Instant): void {
    for (const [account, { until }] of this.accounts) if (until < newest) this.accounts.delete(account);
  }

  private keep(account: string, until: Instant): KeptAccount {
    const kept = this.accounts.get(account) ?? newAccount();
    kept.until = Math.max(kept.until, until);
    this.accounts.set(account, kept);
    return kept;
  }
}

function admit({ key, totals, at }: Contribution, amount: 1 | 0 | -1): void {
  key?.admit(at, amount);
  totals?.admit(at, amount);
}
