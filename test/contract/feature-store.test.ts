import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textDigest } from '../../src/adapters/crypto/text-digest.js';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { logKey, tagOf } from '../../src/adapters/redis/entry-name.js';
import { RedisFeatureStore } from '../../src/adapters/redis/feature-store.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { Unavailable } from '../../src/model/value.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { featureStoreContract } from './feature-store.js';

describe('the feature store in memory', () => {
  const store = new MemoryFeatureStore();
  featureStoreContract(() => store);
});

describe('the feature store in Redis', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let store: RedisFeatureStore;
  beforeAll(async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url }, 'relay');
    await redis.ready(5000);
    store = new RedisFeatureStore(redis);
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });
  featureStoreContract(() => store);

  /** Keys that lie in the same hashes: both begin with the same two characters. */
  const neighbours = (spread: string, many: number): string[] =>
    Array.from({ length: many }, (_, n) => `k1.${spread}${textDigest('sha1', `${spread}${n}`).slice(0, 22)}`);
  const day = 86_400_000;
  const daily = { name: 'n', id: 'daily', kind: 'count', of: 'event', by: [], on: ['signup'], exactTo: 128 } as const;
  const about = (key: string, event: string, at: number) => {
    const lookups = [{ spec: { ...daily, windowMs: day }, key, counts: true }];
    return store.observe({ eventId: `${key}${event}`, accountId: key, at, lookups });
  };

  it('finds every key again while the hashes that they share are divided', async () => {
    const keys = neighbours('Aa', 700);
    for (const key of keys) expect(await about(key, 'first', 1_777_000_000_000)).toEqual([1]);
    expect(await redis.call('EXISTS', 's2:{Aa}:1', 's2:{Aa}:2', 's2:{Aa}:3')).toBe(3);
    for (const event of ['second', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'])
      await Promise.all(keys.slice(0, 40).map((key) => about(key, event, 1_777_000_000_001)));
    for (const key of keys.slice(0, 40)) expect(await about(key, 'last', 1_777_000_000_002)).toEqual([9]);
    for (const key of keys.slice(40)) expect(await about(key, 'last', 1_777_000_000_002)).toEqual([2]);
  });

  it('forgets what no window reaches any more, without a key for each to expire', async () => {
    const [old, later] = [neighbours('Ab', 300), neighbours('Ab', 900).slice(300)];
    for (const key of old) await about(key, 'first', 1_777_000_000_000);
    for (const key of later) await about(key, 'first', 1_777_000_000_000 + 4 * day);
    let kept = 0;
    const keepCount = async (names: readonly string[]) => {
      for (const name of names) kept += Number(await redis.call('HLEN', name));
    };
    await redis.scan('s2:{Ab}*', keepCount);
    expect(kept).toBeLessThan(later.length + old.length / 2);
    expect(await about(later[0] ?? '', 'second', 1_777_000_000_000 + 4 * day)).toEqual([2]);
  });

  it('keeps of labels no more than the key counts, however many accounts were labelled', async () => {
    const labelled = { ...daily, kind: 'labelled', of: 'fraud', id: 'labelled', exactTo: 64, windowMs: day } as const;
    const lookups = [{ spec: labelled, key: 'k.labels', counts: true }];
    const beside = `${logKey(tagOf('k.labels'))}:more`;
    let most = 0;
    for (let n = 0; n < 800; n++) {
      await store.observe({ eventId: `l${n}`, accountId: `l${n}`, at: 1_777_000_000_000 + n, lookups });
      // Some are labelled when their events have left the log.
      await store.label(`l${n % 2 === 0 ? n : Math.max(0, n - 300)}`, 'fraud', 1_777_000_000_000 + n);
      if (n % 8 === 0) most = Math.max(most, Number(await redis.call('STRLEN', beside)));
    }
    expect(most).toBeLessThan(9000);
    expect(await store.peek({ eventId: 'l', accountId: 'l', at: 1_777_000_003_000, lookups })).toEqual([64]);
  }, 120_000);

  it('keeps of the accounts that were out the latest, however many were', async () => {
    const spec = { ...daily, kind: 'trusted', of: 'account.id', id: 'trusted', exactTo: 3, olderThanMs: day } as const;
    const lookups = [{ spec, key: 'k.out', counts: true }];
    const seen = (name: string, at: number, accountSince: number) =>
      store.observe({ eventId: `${name}${at}`, accountId: name, at, accountSince, lookups });
    await seen('o', 1_777_000_000_000, 1_777_000_000_000 - 2 * day);
    for (let n = 0; n < 1200; n++) {
      await seen(`o${n}`, 1_777_000_000_000 + n, 1_777_000_000_000 - 2 * day);
      await store.standing(`o${n}`, 'out', 1_777_000_000_000 + n);
    }
    const kept: number[] = [];
    await redis.scan('w2:*:x', async (names) => {
      for (const name of names) kept.push(Number(await redis.call('SCARD', name)));
    });
    expect(kept).toEqual([1000]);
    for (let n = 0; n < 1200; n += 100) expect(await seen(`o${n}`, 1_777_000_002_000, 1_777_000_000_000)).toEqual([1]);
  }, 120_000);

  it('never shortens the life of a key that a longer window still needs', async () => {
    const spec = { name: 'n', kind: 'count', of: 'event', by: [], on: ['signup'], exactTo: 128 } as const;
    const observe = (id: string, windowMs: number) => {
      const lookups = [{ spec: { ...spec, id, windowMs }, key: 'k.life', counts: true }];
      return store.observe({ eventId: id, accountId: 'a', at: 1_777_000_000_000, lookups });
    };
    await observe('long', 180 * 86_400_000);
    await observe('short', 1000);
    const name = logKey(tagOf('k.life'));
    const hash = name.slice(0, name.indexOf('}') + 1).replace('f2:', 's2:');
    expect(Number(await redis.call('PTTL', hash))).toBeGreaterThan(179 * 86_400_000);
  });
});

describe('the feature store without Redis', () => {
  it('says unavailable for features and refuses labels', async () => {
    const redis = await openRedis({ url: 'redis://127.0.0.1:1' });
    const store = new RedisFeatureStore(redis);
    const spec = { name: 'n', id: 'n', kind: 'count', of: 'event', by: [], windowMs: 1, on: [], exactTo: 1 } as const;
    const lookups = [{ spec, key: 'k', counts: true }];
    const readings = await store.observe({ eventId: 'e', accountId: 'a', at: 0, lookups });
    expect(readings[0]).toBeInstanceOf(Unavailable);
    await expect(store.label('a', 'fraud', 0)).rejects.toThrow(StoreUnavailable);
    await redis.close();
  });
});
