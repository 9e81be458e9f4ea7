import type { Instant } from '../model/time.js';
import type { ChangeLog } from './ring-changes.js';
import type { RingComponents } from './ring-components.js';

/** Of a weak key, so many of its newest accounts are looked at: a bound on what one event costs. */
export const newestLooked = 64;

interface WeakUse {
  readonly account: number;
  readonly at: Instant;
  /** The keys that the account is new on. */
  readonly fresh: readonly number[];
}

/**
 * Two different weak links that point to one ring, or to one lone account, join it. Looks at all weak keys of an account
 * that came to a new one.
 */
export function linkWeak(components: RingComponents, { account, at, fresh }: WeakUse, log: ChangeLog): void {
  const { table, accounts } = components;
  if (!fresh.some((key) => isUsable(components, key, at))) return;
  const keys = usableKeys(components, account, at);
  if (new Set(keys.map((key) => table.link(key))).size < 2) return;
  const bitsOf = new Map<number, number>();
  for (const key of keys) {
    const bit = 1 << table.link(key);
    let left = newestLooked;
    for (let use = table.newestUse(key); use >= 0 && left > 0; use = table.olderUse(use), left--) {
      const other = table.accountOf(use);
      if (other === account) continue;
      const root = accounts.root(other);
      bitsOf.set(root, (bitsOf.get(root) ?? 0) | bit);
    }
  }
  for (const [root, bits] of bitsOf) {
    if ((bits & (bits - 1)) === 0) continue;
    const ring = components.join(account, root, at, log);
    ring.linkBits |= bits;
    log.touched.add(ring.id);
  }
}

/** Weak, shared, alive and no hub. */
const isUsable = ({ table }: RingComponents, key: number, at: Instant): boolean =>
  table.spec(key).strength === 'weak' &&
  table.accounts(key) > 1 &&
  !table.isHub(key) &&
  !table.isRetired(key) &&
  table.isAlive(key, at);

function usableKeys(components: RingComponents, account: number, at: Instant): number[] {
  const keys: number[] = [];
  components.table.eachKey(account, (key) => {
    if (isUsable(components, key, at)) keys.push(key);
  });
  return keys;
}
