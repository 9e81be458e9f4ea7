import { afterAll, beforeAll, describe } from '@jest/globals';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { RedisFeatureStore } from '../../src/adapters/redis/feature-store.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { standingContract } from './standing-features.js';

describe('bursts and trusted accounts in memory', () => {
  const store = new MemoryFeatureStore();
  standingContract(() => store);
});

describe('bursts and trusted accounts in Redis', () => {
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
  standingContract(() => store);
});
