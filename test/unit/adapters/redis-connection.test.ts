import { afterEach, describe, expect, it } from '@jest/globals';
import { createRedisClient, openRedis, type RedisConnection } from '../../../src/adapters/redis/connection.js';
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

  it('does not go on in another database when Redis does not have the one that is named', async () => {
    server = await startRedis();
    const told: string[] = [];
    redis = await openRedis({ url: `${server.url}/99` }, 'relay', ({ message }) => told.push(message));
    await expect(redis.ready(500)).rejects.toThrow('Redis did not answer');
    await expect(redis.call('SET', 'a', '1')).rejects.toThrow();
    expect(redis.isAvailable).toBe(false);
    expect(told).toContain('ERR DB index is out of range');
  });

  it('does not let jobs into another database either', async () => {
    server = await startRedis();
    const worker = await createRedisClient({ url: `${server.url}/99` }, 'worker');
    void worker.set('a', '1').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500));
    worker.disconnect();
    redis = await openRedis({ url: server.url });
    await redis.ready(5000);
    expect(await redis.call('DBSIZE')).toBe(0);
  });

  it('uses the database that is named', async () => {
    server = await startRedis();
    redis = await openRedis({ url: `${server.url}/3` });
    await redis.ready(5000);
    await redis.call('SET', 'a', '1');
    expect(await redis.call('INFO', 'keyspace')).toMatch(/db3:keys=1/);
  });
});
