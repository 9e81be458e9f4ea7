import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';

const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };
/** Promised for changes of access. */
const heardOfMs = 2000;

let postgres: PostgresServer;
let redis: TestRedis;
let service: Service;
/** Shares the stores, and does no background work. */
let other: Service;
let admin: Redis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const servers = { databaseUrl: postgres.url, redisUrl: redis.url, env };
  [service, other] = await Promise.all([
    startService(servers),
    startService({ ...servers, env: { ...env, ROLES: 'api' } }),
  ]);
  admin = new Redis(redis.url);
}, 120_000);
afterAll(async () => {
  admin?.disconnect();
  await Promise.all([service?.remove(), other?.remove()]);
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

  it('keeps no account in that a reviewer holds, on any instance, and says what is wrong', async () => {
    const account = `${name}-held`;
    await service.evaluate(aSignup(account, 'free'));
    await eventually(async () => (await service.gate({ accountId: account })).status === 200);
    expect((await other.gate({ accountId: account })).status).toBe(200);
    await take();
    try {
      const hold = await service.call('POST', `/v1/accounts/${account}/hold`, { body: { reason: 'trial' } });
      expect(hold.status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, heardOfMs));
      for (const instance of [service, other])
        expect(await instance.gate({ accountId: account })).toMatchObject({ status: 403, body: { state: 'held' } });
      const readiness = await other.call('GET', '/readyz');
      expect(readiness).toMatchObject({ status: 503, body: { checks: { redis: 'ok', redis_writes: 'not ready' } } });
      const waiting = async () => /portcullis_outbox_waiting [1-9]/.test((await service.call('GET', '/metrics')).body);
      await eventually(waiting);
    } finally {
      await giveBack();
    }
    await eventually(isReady);
    for (let round = 0; round < 40; round++)
      for (const instance of [service, other])
        expect(await instance.gate({ accountId: account })).toMatchObject({ status: 403, body: { state: 'held' } });
    await eventually(async () => (await admin.hget(`ga:{${account}}`, 's')) === 'held');
  }, 60_000);
});
