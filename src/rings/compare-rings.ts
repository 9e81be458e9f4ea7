import type { Instant } from '../model/time.js';
import { rowsInSlice } from './in-slices.js';
import type { Naming } from './name-rings.js';
import type { Ring } from './ring.js';
import { ChangeLog } from './ring-changes.js';
import type { RingComponents } from './ring-components.js';

/** What is different after a rebuild, so that whatever is kept elsewhere can follow. */
export function* compareRings(naming: Naming): Generator<undefined, ChangeLog> {
  const log = new ChangeLog();
  yield* compareIds(naming, log);
  yield* compareMembers(naming, log);
  yield* compareKeys(naming, log);
  return log;
}

function* compareIds({ old, next, now }: Naming, log: ChangeLog): Generator<undefined> {
  let walked = 0;
  for (const { id } of old.rings.live()) {
    if (++walked % rowsInSlice === 0) yield;
    const after = next.rings.resolve(id);
    if (after === undefined) log.ended.push(id);
    else if (after.id !== id) {
      log.merged.push({ from: id, into: after.id });
      log.aliases.push(id);
    }
  }
  for (const { id, ring } of old.rings.aliases()) {
    if (++walked % rowsInSlice === 0) yield;
    const after = next.rings.resolve(id);
    if (after !== undefined && after.id !== ring.id) log.aliases.push(id);
  }
  for (const ring of next.rings.live()) {
    if (++walked % rowsInSlice === 0) yield;
    const before = old.rings.resolve(ring.id);
    if (before === undefined) log.created.push(ring.id);
    if (before === undefined || textOf(before, now) !== textOf(ring, now)) log.touched.add(ring.id);
  }
}

const textOf = (ring: Ring, now: Instant): string => JSON.stringify([ring.endsAt, ring.read(now)]);

function* compareMembers({ old, next, rowOf }: Naming, log: ChangeLog): Generator<undefined> {
  for (let row = 0; row < old.accounts.length; row++) {
    if (row % rowsInSlice === rowsInSlice - 1) yield;
    const account = rowOf.get(row);
    const before = old.ringOf(row)?.id;
    const after = account < 0 ? undefined : next.ringOf(account)?.id;
    if (before === after) continue;
    if (after === undefined && account >= 0) next.accounts.setJoined(account, 0);
    const joinedAt = after === undefined ? 0 : next.accounts.joined(account);
    log.members.push({ accountId: old.accounts.id(row), ringId: after, joinedAt });
  }
}

function* compareKeys({ old, next }: Naming, log: ChangeLog): Generator<undefined> {
  for (let key = 0; key < old.table.keys; key++) {
    if (key % rowsInSlice === rowsInSlice - 1) yield;
    const digest = old.table.digest(key);
    if (old.table.find(digest) !== key) continue;
    const after = next.table.find(digest);
    const ringId = leadOf(next, after);
    const hub = after >= 0 && next.table.isHub(after);
    const isHubChange = old.table.isHub(key) !== hub;
    const isKeyChange = leadOf(old, key) !== ringId;
    if (!isHubChange && !isKeyChange) continue;
    const place = { link: old.table.spec(key).name, key: old.table.text(key) };
    if (isKeyChange) log.keys.push({ ...place, ringId, endsAt: ringId === undefined ? 0 : next.table.endsAt(after) });
    if (isHubChange) log.hubs.push({ ...place, hub, accounts: after < 0 ? 0 : next.table.accounts(after) });
  }
}

function leadOf(components: RingComponents, key: number): string | undefined {
  const lead = key < 0 ? -1 : components.table.lead(key);
  return lead < 0 ? undefined : components.ringOf(lead)?.id;
}
