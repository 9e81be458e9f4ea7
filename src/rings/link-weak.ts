import type { Instant } from '../model/time.js';
import type { LinkTable } from './link-table.js';
import type { ChangeLog } from './ring-changes.js';
import type { RingComponents } from './ring-components.js';

/** Of a weak key, so many of its newest accounts are looked at: a bound on what one event costs. */
const newestLooked = 64;

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
  const { table } = components;
  if (!fresh.some((key) => isUsable(components, key, at))) return;
  const keys = usableKeys(components, account, at);
  if (!ofTwoLinks(table, keys)) return;
  const last = mostShared(table, keys);
  const bitsOf = new Map<number, number>();
  for (const key of keys)
    if (key !== last) lookAt(components, { key, account }, (root, bit) => raise(bitsOf, root, bit));
  // Who is on no other key is on one link alone: of the key with most accounts only those seen already count.
  if (bitsOf.size > 0)
    lookAt(components, { key: last, account }, (root, bit) => {
      if (bitsOf.has(root)) raise(bitsOf, root, bit);
    });
  for (const [root, bits] of bitsOf) {
    if ((bits & (bits - 1)) === 0) continue;
    const ring = components.join(account, root, at, log);
    ring.linkBits |= bits;
    log.touched.add(ring.id);
  }
}

const raise = (bitsOf: Map<number, number>, root: number, bit: number): unknown =>
  bitsOf.set(root, (bitsOf.get(root) ?? 0) | bit);

interface Looked {
  readonly key: number;
  readonly account: number;
}

/** Tells the components of the newest accounts that share the key. */
function lookAt(
  { table, accounts }: RingComponents,
  { key, account }: Looked,
  tell: (root: number, bit: number) => void,
): void {
  const bit = table.bit(key);
  let left = newestLooked;
  for (let use = table.newestUse(key); use >= 0 && left > 0; use = table.olderUse(use), left--) {
    const other = table.accountOf(use);
    if (other !== account) tell(accounts.root(other), bit);
  }
}

const ofTwoLinks = (table: LinkTable, keys: readonly number[]): boolean =>
  keys.some((key) => table.bit(key) !== table.bit(keys[0] ?? key));

function mostShared(table: LinkTable, keys: readonly number[]): number {
  let most = keys[0] ?? -1;
  for (const key of keys) if (table.accounts(key) > table.accounts(most)) most = key;
  return most;
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
