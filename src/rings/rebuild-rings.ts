import type { LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import { compareRings } from './compare-rings.js';
import { crowdIsHub, linkStrong } from './hub-watch.js';
import { inSlices } from './in-slices.js';
import { linkWeak } from './link-weak.js';
import { nameRings } from './name-rings.js';
import { IntColumn } from './paged-column.js';
import { ChangeLog, type RingChanges } from './ring-changes.js';
import { RingComponents } from './ring-components.js';

/** What is rebuilt from, when, and with which links. */
interface Rebuilding {
  readonly old: RingComponents;
  readonly links: readonly LinkSpec[];
  readonly now: Instant;
  /** Keys that people say are hubs. */
  readonly marked: ReadonlySet<string>;
}

interface Rebuilt {
  readonly components: RingComponents;
  readonly changes: RingChanges;
}

/**
 * The same accounts with the links that still hold: uses past their link's ttl, links that are not declared any more or were
 * edited, and what hubs had joined, are gone. Pauses between slices; rings keep their ids where they can.
 */
export function* rebuildRings({ old, links, now, marked }: Rebuilding): Generator<undefined, Rebuilt> {
  const next = new RingComponents(links, marked);
  const rowOf = new IntColumn(-1);
  const formerRow = new IntColumn(-1);
  yield* inSlices(old.accounts.length, (row) => carryAccount({ old, next, row, rowOf, formerRow, now }));
  yield* inSlices(next.table.keys, (key) => next.table.setHub(key, crowdIsHub(next, key, now)));
  next.isTelling = false;
  const log = new ChangeLog();
  // All strong links before the first weak one, as they came: a weak link looks for rings, not for what is not joined yet.
  yield* inSlices(next.accounts.length, (account) => linkAll(next, { account, strength: 'strong', at: now }, log));
  yield* inSlices(next.accounts.length, (account) => linkAll(next, { account, strength: 'weak', at: now }, log));
  next.isTelling = true;
  yield* nameRings({ old, next, rowOf, formerRow, now });
  return { components: next, changes: yield* compareRings({ old, next, rowOf, now }) };
}

interface Carrying {
  readonly old: RingComponents;
  readonly next: RingComponents;
  readonly row: number;
  /** Rows of accounts in the new table, by row in the old. */
  readonly rowOf: IntColumn;
  /** The other way round. */
  readonly formerRow: IntColumn;
  readonly now: Instant;
}

/** An account without a link that holds is forgotten, unless something is known against it or for it. */
function carryAccount({ old, next, row, rowOf, formerRow, now }: Carrying): void {
  const uses: { key: number; at: Instant }[] = [];
  old.table.eachKey(row, (key, at) => {
    if (now < old.table.useEndsAt(key, at) && newLink(old, next, key) >= 0) uses.push({ key, at });
  });
  const standing = old.accounts.standing(row);
  if (uses.length === 0 && !standing.held && !standing.fraud && !standing.verified) return;
  const account = next.accounts.findOrAdd(old.accounts.id(row), old.accounts.firstSeen(row));
  rowOf.set(row, account);
  formerRow.set(account, row);
  next.accounts.setStanding(account, standing);
  next.accounts.copyTraits(account, old.accounts.traits(row));
  next.accounts.setJoined(account, old.accounts.joined(row));
  for (const { key, at } of uses.reverse()) next.use(account, carryKey(old, next, key), at);
}

/** Row of a key's link among the links of now; -1 when it is none of them, or was edited. */
function newLink(old: RingComponents, next: RingComponents, key: number): number {
  const spec = old.table.spec(key);
  return next.table.links.findIndex(({ name, id }) => name === spec.name && id === spec.id);
}

function carryKey(old: RingComponents, next: RingComponents, key: number): number {
  const digest = old.table.digest(key);
  const known = next.table.find(digest);
  return known < 0 ? next.table.add(digest, newLink(old, next, key)) : known;
}

interface Linking {
  readonly account: number;
  readonly strength: LinkSpec['strength'];
  readonly at: Instant;
}

/** What happens on the way is no change, and nobody reads this log: only what is different in the end is. */
function linkAll(next: RingComponents, { account, strength, at }: Linking, log: ChangeLog): void {
  const { table } = next;
  const keys: number[] = [];
  table.eachKey(account, (key) => {
    if (!table.isHub(key) && table.spec(key).strength === strength) keys.push(key);
  });
  if (strength === 'weak') linkWeak(next, { account, at, fresh: keys }, log);
  else for (const key of keys) linkStrong(next, { key, account, at }, log);
  for (const key of keys) next.leadTo(key, account, log);
}
