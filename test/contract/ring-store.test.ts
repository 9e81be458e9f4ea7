import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryRings } from '../../src/adapters/memory/rings.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import {
  accountRingKey,
  aliasText,
  entryText,
  linkRingKey,
  ringKey,
  ringMarkKey,
} from '../../src/adapters/redis/ring-keys.js';
import { RedisRingProjection } from '../../src/adapters/redis/ring-projection.js';
import { RedisRingRequests } from '../../src/adapters/redis/ring-requests.js';
import { RedisRingStore } from '../../src/adapters/redis/ring-store.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { Unavailable } from '../../src/model/value.js';
import { collectBatch } from '../../src/rings/collect-batch.js';
import { ringKeyOf } from '../../src/rings/digest.js';
import type { RingChanges } from '../../src/rings/ring-changes.js';
import { RingGraph } from '../../src/rings/ring-graph.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { contractLinks, ringStoreContract } from './ring-store.js';

describe('RingStore in memory', () => {
  const rings = new MemoryRings(contractLinks);
  ringStoreContract(() => ({
    store: rings,
    apply: async (entries) => {
      for (const entry of entries) rings.apply(entry);
    },
    expire: async (now) => {
      rings.expire(now);
    },
  }));
});

describe('RingStore in Redis', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let projection: RedisRingProjection;
  const graph = new RingGraph(contractLinks);
  const projectionOf = (name: string) => new RedisRingProjection({ redis, epoch: () => 'e1', name });
  const publish = (changes: readonly RingChanges[], now: number): Promise<boolean> =>
    projection.publish(collectBatch(changes, graph, now));

  beforeAll(async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url }, 'relay');
    await redis.ready(5000);
    projection = projectionOf('w1');
    await (await projection.rewrite(true)).finish();
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  ringStoreContract(() => ({
    store: new RedisRingStore(redis, () => 'e1'),
    async apply(entries) {
      const newest = Math.max(...entries.map(({ at }) => at));
      expect(
        await publish(
          entries.map((entry) => graph.apply(entry)),
          newest,
        ),
      ).toBe(true);
    },
    async expire(now) {
      const steps = graph.expire(now);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      await publish([step.value], now);
    },
  }));

  it('writes everything again from the rings themselves, and gives every key a lifetime', async () => {
    const store = new RedisRingStore(redis, () => 'e1');
    const links = [{ link: 'card', key: 'again' }];
    const at = 30_000 * 86_400_000;
    for (const accountId of ['again1', 'again2'])
      await publish([graph.apply({ kind: 'event', accountId, at, trace: { links } })], at);
    const before = await store.find('again1', links, at);
    await redis.call('FLUSHALL');
    expect(await store.find('again1', links, at)).toBeInstanceOf(Unavailable);
    expect(await projection.isWhole()).toBe(false);
    const rewrite = await projection.rewrite(true);
    for (const step of graph.everything()) await rewrite.write(collectBatch([step], graph, at));
    expect(await rewrite.finish()).toBe(true);
    expect(await store.find('again1', links, at)).toEqual(before);
    const keys = await redis.call('KEYS', '*');
    for (const key of Array.isArray(keys) ? keys.map(String) : [])
      expect([key, Number(await redis.call('PTTL', key)) > 0]).toEqual([key, true]);
  });

  it('shows nothing of a rewriting that was lost on the way, nor of another installation', async () => {
    const store = new RedisRingStore(redis, () => 'e1');
    const rewrite = await projection.rewrite(true);
    await redis.call('FLUSHALL');
    expect(await rewrite.finish()).toBe(false);
    expect(await store.isShown()).toBe(false);
    expect(await (await projection.rewrite(true)).finish()).toBe(true);
    expect(await store.isShown()).toBe(true);
    expect(await new RedisRingStore(redis, () => 'e2').isShown()).toBe(false);
  });

  it('says that rings are unavailable where aliases lead further than it looks, and counts no request of such a ring', async () => {
    const store = new RedisRingStore(redis, () => 'e1');
    await (await projection.rewrite(true)).finish();
    const put = (key: string, text: string) => redis.call('SET', key, entryText(Date.now(), text));
    for (let n = 0; n < 9; n++) await put(ringKey(`ring_${n}`), aliasText(`ring_${n + 1}`));
    await put(accountRingKey('far'), 'ring_0');
    await put(accountRingKey('round'), 'ring_8');
    await put(ringKey('ring_9'), aliasText('ring_8'));
    expect(await store.find('far', [], 0)).toBeInstanceOf(Unavailable);
    expect(await store.find('round', [], 0)).toBeInstanceOf(Unavailable);
    await expect(new RedisRingRequests(redis, store).count('far', 0)).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('counts requests of all members in one quota, whatever their rings went into', async () => {
    const requests = new RedisRingRequests(redis, new RedisRingStore(redis, () => 'e1'));
    let at = 40_000 * 86_400_000;
    const apply = (accountId: string, ...keys: string[]) => {
      const trace = { links: keys.map((key) => ({ link: 'card', key })) };
      at += 1000;
      return publish([graph.apply({ kind: 'event', accountId, at, trace })], at);
    };
    for (let n = 0; n < 30; n++) for (const name of ['a', 'b']) await apply(`quota-${name}${n}`, `quota-${n}`);
    const before = await requests.count('quota-a29', at);
    for (let n = 29; n > 0; n--) await apply(`quota-bridge${n}`, `quota-${n}`, `quota-${n - 1}`);
    const counted = [];
    for (let n = 0; n < 30; n++) counted.push(await requests.count(`quota-a${n}`, at));
    expect(before).toBe(1);
    expect(counted[29]).toBe((counted[0] ?? 0) + 29);
  });

  it('does not believe rings that another version wrote in its own way, until they are written again', async () => {
    const store = new RedisRingStore(redis, () => 'e1');
    const links = [{ link: 'card', key: 'former' }];
    const at = 30_000 * 86_400_000;
    for (const accountId of ['former1', 'former2'])
      await publish([graph.apply({ kind: 'event', accountId, at, trace: { links } })], at);
    const before = await store.find('former1', links, at);
    await redis.call('SET', linkRingKey(ringKeyOf('card', 'former')), 'ring_former');
    await redis.call('SET', ringMarkKey, 'e1 w0 1');
    expect(await store.find('former1', links, at)).toBeInstanceOf(Unavailable);
    expect(await store.isShown()).toBe(false);
    expect(await projection.isWhole()).toBe(false);
    const rewrite = await projection.rewrite(true);
    for (const step of graph.everything()) await rewrite.write(collectBatch([step], graph, at));
    expect(await rewrite.finish()).toBe(true);
    expect(await store.find('former1', links, at)).toEqual(before);
  });

  it('puts nobody back into a ring that he has left, when Redis is restored from an older copy and written again', async () => {
    const store = new RedisRingStore(redis, () => 'e1');
    const links = [{ link: 'card', key: 'left' }];
    const at = 50_000 * 86_400_000;
    const keys = [accountRingKey('left1'), accountRingKey('left2'), linkRingKey(ringKeyOf('card', 'left'))];
    for (const accountId of ['left1', 'left2'])
      await publish([graph.apply({ kind: 'event', accountId, at, trace: { links } })], at);
    const sighting = await store.find('left2', links, at);
    expect(sighting).toMatchObject({ own: expect.any(String) });
    const ring = String(sighting instanceof Unavailable ? '' : sighting.own);
    const all = [...keys, ringKey(ring), ringMarkKey];
    const copy = await Promise.all(all.map(async (key) => [key, String(await redis.call('GET', key))] as const));

    const later = at + 400 * 86_400_000;
    const steps = graph.expire(later);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    await publish([step.value], later);
    expect(await store.find('left2', links, at)).toMatchObject({ own: undefined });

    for (const [key, value] of copy) await redis.call('SET', key, value);
    expect(await projection.isWhole()).toBe(false);
    const rewrite = await projection.rewrite(true);
    for (const changes of graph.everything()) await rewrite.write(collectBatch([changes], graph, later));
    expect(await rewrite.finish()).toBe(true);
    const found = await store.find('left2', links, at);
    expect(found).toMatchObject({ own: undefined });
    expect(found instanceof Unavailable ? undefined : [...found.byLink, ...found.rings]).toEqual([]);
    await expect(new RedisRingRequests(redis, store).count('left2', at)).resolves.toBeUndefined();
  });

  it('leaves to be read what is there while it is written again beside, and what is written meanwhile', async () => {
    const store = new RedisRingStore(redis, () => 'e1');
    const at = 60_000 * 86_400_000;
    const sign = (accountId: string, key: string) =>
      graph.apply({ kind: 'event', accountId, at, trace: { links: [{ link: 'card', key }] } });
    const own = async (accountId: string) => {
      const found = await store.find(accountId, [], at);
      return found instanceof Unavailable ? undefined : found.own;
    };
    await publish([sign('beside1', 'before'), sign('beside2', 'before')], at);
    const rewrite = await projection.rewrite(false);
    await rewrite.write(collectBatch([sign('beside3', 'meanwhile'), sign('beside4', 'meanwhile')], graph, at));
    expect([await own('beside1'), await own('beside3')]).toEqual([expect.any(String), expect.any(String)]);
    for (const changes of graph.everything()) await rewrite.write(collectBatch([changes], graph, at));
    expect(await rewrite.finish()).toBe(true);
    expect([await own('beside1'), await own('beside3')]).toEqual([expect.any(String), expect.any(String)]);
  });

  it('tells versions that know no layouts that these rings are not theirs', async () => {
    await (await projection.rewrite(true)).finish();
    expect(String(await redis.call('GET', ringMarkKey)).startsWith('e1 ')).toBe(false);
  });

  it('leaves the rings of another worker to be read while it writes them again, but not those of another version', async () => {
    await (await projectionOf('w2').rewrite(true)).finish();
    await projection.rewrite(false);
    expect(await redis.call('EXISTS', ringMarkKey)).toBe(1);
    await redis.call('SET', ringMarkKey, 'e1 w0 1');
    await projection.rewrite(false);
    expect(await redis.call('EXISTS', ringMarkKey)).toBe(0);
  });

  it('tells a worker that another one has written since', async () => {
    expect(await (await projection.rewrite(false)).finish()).toBe(true);
    expect(await (await projectionOf('w2').rewrite(false)).finish()).toBe(true);
    expect(await projection.isWhole()).toBe(false);
  });
});

describe('RingStore without Redis', () => {
  it('says that rings are unavailable', async () => {
    const redis = await openRedis({ url: 'redis://127.0.0.1:1' });
    const sighting = await new RedisRingStore(redis, () => 'e1').find('a', [{ link: 'card', key: 'k' }], 0);
    expect(sighting).toEqual(new Unavailable('ring_unavailable'));
    await redis.close();
  });
});
