import { readsEvidence } from '../model/evidence.js';
import type { Instant } from '../model/time.js';
import { isHub, leastTrusted, longStandingMs } from './hub-rule.js';
import type { ChangeLog } from './ring-changes.js';
import type { RingComponents } from './ring-components.js';

/** Looks at who shares a key now; walks over it only while it is within its cap. */
export function crowdIsHub({ accounts, table, marked }: RingComponents, key: number, now: Instant): boolean {
  if (marked.size > 0 && marked.has(table.text(key))) return true;
  const { hubCap, by } = table.spec(key);
  const count = table.accounts(key);
  if (count > hubCap) return true;
  const since = now - longStandingMs;
  // All who share what they were verified with are verified: that excuses nobody.
  if (count < leastTrusted || readsEvidence(by) || !table.mayBeTrusted(key, since)) return false;
  let trusted = 0;
  let out = 0;
  for (let use = table.newestUse(key); use >= 0; use = table.olderUse(use)) {
    const trust = accounts.trust(table.accountOf(use), since);
    if (trust > 0) trusted++;
    else if (trust < 0) out++;
  }
  return isHub({ accounts: count, trusted, out }, hubCap);
}

/** Hub status is gained and lost; both are told, and a key that is none any more links its accounts again. */
export function watchKey(components: RingComponents, key: number, now: Instant, log: ChangeLog): void {
  const { table } = components;
  if (table.isRetired(key)) return;
  const hub = crowdIsHub(components, key, now);
  if (hub === table.isHub(key)) return;
  const { name } = table.spec(key);
  log.hubs.push({ link: name, key: table.text(key), hub, accounts: table.accounts(key) });
  if (hub) stopLinking(components, key, log);
  else {
    table.setHub(key, false);
    linkAgain(components, key, now, log);
  }
}

/** Rings that the key made stay as they are until the next rebuild. */
function stopLinking(components: RingComponents, key: number, log: ChangeLog): void {
  const { table } = components;
  const lead = table.lead(key);
  const ring = lead < 0 ? undefined : components.ringOf(lead);
  if (ring !== undefined)
    log.keys.push({ link: table.spec(key).name, key: table.text(key), ringId: undefined, endsAt: 0 });
  if (ring !== undefined && table.isCounted(key)) {
    ring.strongKeys--;
    log.touched.add(ring.id);
  }
  table.setCounted(key, false);
  table.setHub(key, true);
}

/** A key that nobody used for its ttl: what it led to, and that it was a hub, is over. */
export function forgetKey(components: RingComponents, key: number, log: ChangeLog): void {
  const { table } = components;
  const place = { link: table.spec(key).name, key: table.text(key) };
  if (table.isHub(key)) log.hubs.push({ ...place, hub: false, accounts: 0 });
  if (table.lead(key) >= 0) log.keys.push({ ...place, ringId: undefined, endsAt: 0 });
}

/** Only keys within their cap get here: the walk is short. */
function linkAgain(components: RingComponents, key: number, now: Instant, log: ChangeLog): void {
  const { table } = components;
  for (let use = table.newestUse(key); use >= 0; use = table.olderUse(use)) {
    const account = table.accountOf(use);
    if (table.spec(key).strength === 'strong') linkStrong(components, { key, account, at: now }, log);
    components.leadTo(key, account, log);
  }
}

interface StrongUse {
  readonly key: number;
  readonly account: number;
  readonly at: Instant;
}

/** Joins the account with whoever else uses the key: all of them are in one ring, so one of them is enough. */
export function linkStrong(components: RingComponents, { key, account, at }: StrongUse, log: ChangeLog): void {
  const { table } = components;
  const newest = table.newestUse(key);
  const use = newest >= 0 && table.accountOf(newest) === account ? table.olderUse(newest) : newest;
  if (use < 0) return;
  const ring = components.join(account, table.accountOf(use), at, log);
  ring.linkBits |= table.bit(key);
  if (!table.isCounted(key)) ring.strongKeys++;
  table.setCounted(key, true);
  log.touched.add(ring.id);
}
