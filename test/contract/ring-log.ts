import { expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlRingLog } from '../../src/adapters/postgres/ring-log.js';
import { SqlRingMembers } from '../../src/adapters/postgres/ring-members.js';
import { SqlRingRecords } from '../../src/adapters/postgres/ring-records.js';
import type { LinkSpec } from '../../src/model/link.js';
import { collectBatch, isEmptyBatch, splitChanges } from '../../src/rings/collect-batch.js';
import { ringKeyOf } from '../../src/rings/digest.js';
import type { RingBatch } from '../../src/rings/ring-batch.js';
import { RingGraph } from '../../src/rings/ring-graph.js';
import type { RingLease } from '../../src/rings/ring-log.js';

const card: LinkSpec = {
  name: 'card',
  id: 'card-1',
  by: ['payment.fingerprint'],
  strength: 'strong',
  hubCap: 20,
  ttlMs: 1e9,
};
const start = Date.parse('2026-05-01T12:00:00.000Z');
const minute = 60_000;
let run = 0;
const fresh = (): string => `rl${run++}`;

export function ringLogContract(database: () => Database): void {
  let snapshots = 0;
  const log = (): SqlRingLog => new SqlRingLog(database(), () => `snapshot-${fresh()}-${snapshots++}`);
  const records = (): SqlRingRecords => new SqlRingRecords(database());

  async function claimed(): Promise<RingLease> {
    const lease = await log().claim(60_000);
    if (lease === undefined) throw new Error('somebody else has the lease');
    return lease;
  }

  /** Signups that share cards, as one batch. */
  function batchOf(
    graph: RingGraph,
    uses: readonly (readonly [account: string, key: string])[],
    at = start,
  ): RingBatch {
    const changes = uses.map(([accountId, key], index) =>
      graph.apply({ kind: 'event', accountId, at: at + index * minute, trace: { links: [{ link: 'card', key }] } }),
    );
    return collectBatch(changes, graph, at + uses.length * minute);
  }

  async function known(...accountIds: string[]): Promise<void> {
    for (const id of accountIds)
      await database().query(
        `insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
          values ($1, 'admitted', 1, 'decision', now(), now())`,
        [id],
      );
  }

  it('gives the lease to one at a time, and to the next when it ends', async () => {
    const claims = await Promise.all([log().claim(60_000), log().claim(60_000), log().claim(60_000)]);
    const [lease] = claims.flatMap((claim) => claim ?? []);
    if (lease === undefined) throw new Error('nobody got it');
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    expect(await log().renew(lease, 60_000)).toBe(true);
    await log().release(lease);
    expect(await log().renew(lease, 60_000)).toBe(false);
    const next = await log().claim(1);
    expect(next?.token).toBeGreaterThan(lease.token);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const last = await claimed();
    if (next !== undefined) expect(await log().renew(next, 60_000)).toBe(false);
    await log().release(last);
  });

  it('refuses what a worker writes whose lease another has taken over', async () => {
    const old = await claimed();
    await log().release(old);
    const lease = await claimed();
    const names = [fresh(), fresh()];
    const batch = batchOf(
      new RingGraph([card]),
      names.map((name) => [name, 'refused'] as const),
    );
    expect(await log().write(old, batch)).toBeUndefined();
    expect(await log().restart(old)).toBeUndefined();
    expect(await log().saveSnapshot(old, { place: undefined, pieces: ['old'] })).toBe(false);
    const [ring] = batch.rings;
    expect(await records().get(ring?.reading.ringId ?? '')).toBeUndefined();
    await log().release(lease);
  });

  it('keeps rings, members and merges, the same when a batch is written again', async () => {
    const lease = await claimed();
    const graph = new RingGraph([card]);
    const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
    const key = fresh();
    await known(a, b, c, d);
    const two = batchOf(graph, [
      [a, `${key}1`],
      [b, `${key}1`],
      [c, `${key}2`],
      [d, `${key}2`],
    ]);
    expect(await log().write(lease, two)).toEqual([]);
    const older = graph.ring(two.members[0]?.ringId ?? '')?.id ?? '';
    const newer = two.members.find(({ accountId }) => accountId === d)?.ringId ?? '';
    const members = new SqlRingMembers(database());
    expect((await members.membersOf(older, { limit: 10 })).map(({ accountId }) => accountId)).toEqual([a, b]);
    const merging = batchOf(graph, [[a, `${key}2`]], start + 10 * minute);
    expect(merging.merged).toEqual([{ from: newer, into: older }]);
    expect(await log().write(lease, merging)).toEqual([older]);
    expect(await log().write(lease, merging)).toEqual([older]);
    const all = await members.membersOf(newer, { limit: 3 });
    expect(all.map(({ accountId }) => accountId)).toEqual([a, b, c]);
    expect(await members.membersOf(older, { after: all[2], limit: 3 })).toMatchObject([{ accountId: d }]);
    expect(await records().get(newer)).toMatchObject({ id: older, size: 4, state: 'open', caseId: null });
    expect(await records().members(older, 2)).toMatchObject([{ accountId: a, state: 'admitted' }, { accountId: b }]);
    expect(await records().members(newer, 5, all[1])).toMatchObject([{ accountId: c }, { accountId: d }]);
    expect(await records().members(newer, 5, { joinedAt: start + 60 * minute, accountId: '' })).toEqual([]);
    await log().release(lease);
  });

  it('tells when a ring has passed a power of two, once', async () => {
    const lease = await claimed();
    const graph = new RingGraph([card]);
    const key = fresh();
    const names = Array.from({ length: 9 }, fresh);
    const told: string[] = [];
    for (const [index, name] of names.entries()) {
      const batch = batchOf(graph, [[name, key]], start + index * minute);
      if (isEmptyBatch(batch)) continue;
      const grown = await log().write(lease, batch);
      if ((grown?.length ?? 0) > 0) told.push(`${index + 1}`);
    }
    expect(told).toEqual(['4', '8']);
    await log().release(lease);
  });

  it('lists the largest first, page by page, and not those that went into another', async () => {
    const lease = await claimed();
    await log().restart(lease);
    const graph = new RingGraph([card]);
    const sizes = [2, 5, 3, 3, 4];
    const uses = sizes.flatMap((size) => {
      const key = fresh();
      return Array.from({ length: size }, () => [fresh(), key] as const);
    });
    batchOf(graph, uses);
    for (const step of graph.everything())
      for (const part of splitChanges(step, 3)) await log().write(lease, collectBatch([part], graph, start));
    const filter = { minSize: 3, state: 'open', limit: 3 } as const;
    const first = await records().list(filter);
    expect(first.rings.map(({ size }) => size)).toEqual([5, 4, 3]);
    const second = await records().list({ ...filter, cursor: first.nextCursor ?? '' });
    expect([second.rings.map(({ size }) => size), second.nextCursor]).toEqual([[3], null]);
    expect((await records().list({ ...filter, state: 'detected' })).rings).toEqual([]);
    for (const value of [1e300, -1, 'x'])
      expect((await records().list({ ...filter, cursor: cursorOf([value, 'ring_\0']) })).rings).toHaveLength(3);
    await log().release(lease);
  });

  it('forgets members when it starts again, and says which rings there were', async () => {
    const lease = await claimed();
    const graph = new RingGraph([card]);
    const names = [fresh(), fresh()];
    const key = fresh();
    const batch = batchOf(
      graph,
      names.map((name) => [name, key] as const),
    );
    await log().write(lease, batch);
    const id = batch.rings[0]?.reading.ringId ?? '';
    expect(await log().restart(lease)).toContain(id);
    expect(await records().get(id)).toMatchObject({ state: 'dissolved', size: 0, reading: null });
    expect(await new SqlRingMembers(database()).membersOf(id, { limit: 5 })).toEqual([]);
    await log().write(lease, batch);
    expect(await records().get(id)).toMatchObject({ state: 'open', size: 2 });
    await log().release(lease);
  });

  it('leaves hubs out of what holds a ring together', async () => {
    const lease = await claimed();
    const name = fresh();
    const links = [
      { link: 'card', key: `${name}-card` },
      { link: 'prefix', key: `${name}-prefix` },
    ];
    await database().query(
      `insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer,
        inputs, sealed, trace)
        values ($1, $1, '', $1, 'signup', now(), now(), 'allow', 0, '{}', '{}', '', $2::jsonb)`,
      [name, JSON.stringify({ links })],
    );
    expect(await records().keyUses([name])).toHaveLength(2);
    const hub = { link: 'prefix', key: ringKeyOf('prefix', `${name}-prefix`), accounts: 300 };
    const empty = { at: start, rings: [], merged: [], aliases: [], ended: [], members: [], keys: [] };
    await log().write(lease, { ...empty, hubs: [{ ...hub, hub: true }] });
    expect((await records().keyUses([name])).map(({ link }) => link)).toEqual(['card']);
    await log().write(lease, { ...empty, hubs: [{ ...hub, hub: false }] });
    expect(await records().keyUses([name])).toHaveLength(2);
    await log().release(lease);
  });

  it('gives back the newest whole snapshot', async () => {
    const lease = await claimed();
    const place = { transaction: '77', part: 1, id: 'acct_1' } as const;
    for (const word of ['first', 'second', 'third'])
      expect(await log().saveSnapshot(lease, { place, pieces: [word, `more of the ${word}`] })).toBe(true);
    expect(await log().snapshot()).toEqual({ place, pieces: ['third', 'more of the third'] });
    expect(await log().saveSnapshot(lease, { place: undefined, pieces: [] })).toBe(true);
    expect(await log().snapshot()).toEqual({ place: undefined, pieces: [] });
    const [{ count } = { count: 0 }] = await database().query<{ count: number }>(
      'select count(*) as count from ring_snapshot_pieces',
    );
    expect(count).toBe(2);
    await log().release(lease);
  });
}

const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
