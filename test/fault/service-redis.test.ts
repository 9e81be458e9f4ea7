import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { anEvent, aSignup, type Service, startService } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';

/** Without a breaker and time limits, a stalled Redis holds a caller for 15 s and longer. */
const boundMs = 2000;

let postgres: PostgresServer;
let redis: TestRedis;
let service: Service;
let client: Redis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url });
  client = new Redis(redis.url);
  client.on('error', () => undefined);
}, 120_000);
afterAll(async () => {
  redis.thaw();
  client?.disconnect();
  await service?.remove();
  await Promise.all([postgres.stop(), redis.stop()]);
}, 30_000);

async function stateOf(accountId: string): Promise<string> {
  const { status, body } = await service.call('GET', `/v1/accounts/${accountId}`);
  return status === 200 ? body.access.state : `${status}: ${JSON.stringify(body)}`;
}

async function setGateUnknown(what: 'allow' | 'deny'): Promise<void> {
  const hashOf = async (): Promise<string> => (await service.call('GET', '/v1/rulesets/current')).body.hash;
  const before = await hashOf();
  const policy = trialRules['policy.yml']?.replace('gate_unknown: deny', `gate_unknown: ${what}`) ?? '';
  await writeFile(join(service.rulesDir, 'policy.yml'), policy);
  await eventually(async () => (await hashOf()) !== before);
}

describe('a Redis that no longer knows what was decided', () => {
  it('lets nothing be counted or remembered of another body under the id of an event, nor of the same once more', async () => {
    const decided = aSignup('known', 'free', { event_id: 'evt_long_ago', device: { fingerprint: 'fp_known' } });
    const first = await service.evaluate(decided);
    // As it does by itself after a day.
    await client.del('ev:{evt_long_ago}');
    const remembered = new Set(await client.keys('am:*'));
    const device = { fingerprint: 'fp_of_strangers' };
    const other = aSignup('never-seen', 'free', { event_id: 'evt_long_ago', device });
    const refused = await service.call('POST', '/v1/evaluations', { body: other });
    expect(refused).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
    expect(new Set(await client.keys('am:*'))).toEqual(remembered);
    expect((await service.call('GET', '/v1/accounts/never-seen')).status).toBe(404);
    const stranger = await service.evaluate(aSignup('stranger', 'free', { device }));
    expect(stranger.reasons[0]?.evidence).toEqual({ signups_per_device_1h: 1 });

    await client.del('ev:{evt_long_ago}');
    const again = await service.call('POST', '/v1/evaluations', { body: decided });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first);
  }, 60_000);
});

describe('a Redis that stalls', () => {
  const device = { fingerprint: 'fp_stalled' };

  it('lets evaluations go on, marked and limited as the policy says, and decides them again when it is back', async () => {
    await service.evaluate(aSignup('before-stall', 'free', { device }));
    expect((await service.gate({ accountId: 'before-stall' })).status).toBe(200);
    redis.freeze();
    const names = Array.from({ length: 20 }, (_, n) => `during-stall-${n}`);
    const decisions = await Promise.all(names.map((name) => service.evaluate(aSignup(name, 'free', { device }))));
    for (const { access, degraded } of decisions) {
      expect(access.state).toBe('limited');
      expect(degraded).toContain('velocity_unavailable');
    }
    const held = await service.evaluate(aSignup('held-in-stall', 'hold'));
    expect(held).toMatchObject({ outcome: 'hold', access: { state: 'held' } });

    const gate = await service.gate({ accountId: 'before-stall' });
    expect(gate).toMatchObject({ status: 403, body: { state: 'unknown', degraded: true } });
    expect(gate.ms).toBeLessThan(boundMs);
    redis.thaw();

    await Promise.all(names.map((name) => eventually(async () => (await stateOf(name)) === 'admitted')));
    expect((await service.gate({ accountId: 'during-stall-7' })).status).toBe(200);
    expect(await stateOf('held-in-stall')).toBe('held');
    // What could not be counted then has been counted since, once each.
    const next = await service.evaluate(aSignup('after-stall', 'free', { device }));
    expect(next.degraded).toEqual([]);
    expect(next.reasons[0]?.evidence).toEqual({ signups_per_device_1h: 22 });
  }, 60_000);

  it('opens the gate only where the policy says so, and counts each opening', async () => {
    await setGateUnknown('allow');
    redis.freeze();
    const gate = await service.gate({ accountId: 'before-stall' });
    expect(gate).toMatchObject({ status: 200, body: { state: 'unknown', degraded: true } });
    const metrics = await service.call('GET', '/metrics');
    expect(metrics.body).toMatch(/portcullis_gate_fail_open_total [1-9]/);
    redis.thaw();
    await setGateUnknown('deny');
    await eventually(async () => (await service.gate({ accountId: 'before-stall' })).status === 200);
  }, 60_000);
});

describe('a Redis that is wiped', () => {
  it('leaves the gate right all along, and gets its projection and jobs back', async () => {
    const held = await service.evaluate(aSignup('held-before', 'hold'));
    await service.evaluate(aSignup('in-before', 'free'));
    await service.evaluate(aSignup('limited-before', 'limit'));
    await service.evaluate(
      anEvent('in-before', { type: 'api_key_created', event_id: 'evt_wiped_key', api_key: { id: 'key_wiped' } }),
    );
    const jobs = () => client.keys(`{portcullis}:verification:*${held.case_id}*`);
    await eventually(async () => (await jobs()).length > 0);

    await client.flushall();
    for (let round = 0; round < 40; round++) {
      const [inside, byKey, outside, stranger] = await Promise.all([
        service.gate({ accountId: 'in-before' }),
        service.gate({ accountId: 'in-before', apiKeyId: 'key_wiped' }),
        service.gate({ accountId: 'held-before' }),
        service.gate({ accountId: 'nobody' }),
      ]);
      expect([inside.status, byKey.status, outside.status, stranger.status]).toEqual([200, 200, 403, 403]);
      expect(outside.body.state).toBe('held');
    }

    await eventually(async () => (await jobs()).length > 0);
    // Nobody has asked the gate about this one: the reconciler has written it.
    await eventually(async () => (await client.exists('ga:{limited-before}')) === 1);
    const again = await service.call('POST', '/v1/evaluations', { body: aSignup('held-before', 'hold') });
    expect(again).toMatchObject({ status: 200, body: { id: held.id } });
    expect(again.headers['idempotency-replayed']).toBe('true');
  }, 60_000);
});
