import { afterEach, describe, expect, it } from '@jest/globals';
import { openRedis, type RedisConnection } from '../../../src/adapters/redis/connection.js';
import { startRedis, type TestRedis } from '../../support/redis-server.js';

let server: TestRedis | undefined;
let redis: RedisConnection | undefined;
afterEach(async () => {
  await redis?.close();
  await server?.stop();
  redis = undefined;
  server = undefined;
});

describe('the hot Redis connection', () => {
  it('answers, fails while the server is frozen, stops waiting for it, and comes back by itself', async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url });
    await redis.ready(5000);
    expect(await redis.call('PING')).toBe('PONG');
    server.freeze();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => redis?.call('PING')));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(redis.isAvailable).toBe(false);
    await expect(redis.call('PING')).rejects.toThrow('did not answer a moment ago');
    server.thaw();
    while (!redis.isAvailable) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await redis.call('PING')).toBe('PONG');
  });

  it('rejects and never throws out of turn when there is no server', async () => {
    redis = await openRedis({ url: 'redis://127.0.0.1:1' });
    await expect(redis.call('PING')).rejects.toThrow();
    await expect(redis.ready(50)).rejects.toThrow('Redis did not answer');
  });
});
