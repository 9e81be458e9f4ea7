import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';

let postgres: PostgresServer;
let redis: TestRedis;
let service: Service;
let admin: Redis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url });
  admin = new Redis(redis.url);
}, 120_000);
afterAll(async () => {
  admin?.disconnect();
  await service?.remove();
  await Promise.all([postgres.stop(), redis.stop()]);
}, 30_000);

/** A replica of nobody: it answers, and takes no writes. */
const makeReadOnly = () => admin.call('REPLICAOF', '127.0.0.1', '1');
const makePrimary = () => admin.call('REPLICAOF', 'NO', 'ONE');

const isReady = async () => (await service.call('GET', '/readyz')).status === 200;

describe.each([
  ['is full', 'full', () => admin.config('SET', 'maxmemory', '1'), () => admin.config('SET', 'maxmemory', '0')],
  ['is read-only', 'readonly', makeReadOnly, makePrimary],
  [
    'has lost its replicas',
    'alone',
    () => admin.config('SET', 'min-replicas-to-write', '1'),
    () => admin.config('SET', 'min-replicas-to-write', '0'),
  ],
])('a Redis that %s', (_what, name, take, giveBack) => {
  it('does not keep the service from starting, degraded, and all is well by itself when that is over', async () => {
    const device = { fingerprint: `fp_${name}` };
    await service.evaluate(aSignup(`${name}-before`, 'free', { device }));
    await service.stop();
    await take();
    try {
      await service.start('live');
      const during = await service.evaluate(aSignup(`${name}-during`, 'free', { device }));
      expect(during).toMatchObject({ access: { state: 'limited' } });
      expect(during.degraded).not.toEqual([]);
    } finally {
      await giveBack();
    }
    await eventually(isReady);
    let further = 0;
    const next = () => service.evaluate(aSignup(`${name}-after-${further++}`, 'free', { device }));
    await eventually(async () => (await next()).degraded.length === 0);
    await eventually(async () => (await service.gate({ accountId: `${name}-during` })).body.state === 'admitted');
  }, 60_000);
});
