import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
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

  it('never shortens the life of a key that a longer window still needs', async () => {
    const spec = { name: 'n', kind: 'count', of: 'event', by: [], on: ['signup'], exactTo: 128 } as const;
    const observe = (id: string, windowMs: number) => {
      const lookups = [{ spec: { ...spec, id, windowMs }, key: 'k.life', counts: true }];
      return store.observe({ eventId: id, accountId: 'a', at: 1_777_000_000_000, lookups });
    };
    await observe('long', 180 * 86_400_000);
    await observe('short', 1000);
    expect(Number(await redis.call('PTTL', 'f:{k.life}'))).toBeGreaterThan(179 * 86_400_000);
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
