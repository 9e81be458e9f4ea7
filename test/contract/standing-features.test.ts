import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { RedisFeatureStore } from '../../src/adapters/redis/feature-store.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { answersAlike, standingContract } from './standing-features.js';

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

  it('answers as memory does while keys fold, forget and trim', async () => {
    // Short logs, so that short sequences fold many times.
    const limits = { logLength: 20, slack: 4 };
    await answersAlike(
      () => new MemoryFeatureStore(limits),
      () => new RedisFeatureStore(redis, limits),
    );
  }, 60_000);

  it('answers as memory does where one call cannot take all keys', async () => {
    const divided = new RedisFeatureStore({
      isCluster: false,
      isAvailable: true,
      connections: 1,
      call: (...parameters) => redis.call(...parameters),
      run: (script, keys, parameters) =>
        new Set(keys.map((name) => /\{.*\}/.exec(name)?.[0])).size > 1
          ? Promise.reject(new Error('CROSSSLOT'))
          : redis.run(script, keys, parameters),
      runEverywhere: (script) => redis.runEverywhere(script),
      callEverywhere: (command, ...parameters) => redis.callEverywhere(command, ...parameters),
      scan: (pattern, visit) => redis.scan(pattern, visit),
      ready: (timeoutMs) => redis.ready(timeoutMs),
      close: () => redis.close(),
    });
    await answersAlike(
      () => new MemoryFeatureStore(),
      () => divided,
    );
  }, 60_000);
});
