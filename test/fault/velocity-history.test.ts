import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { type Answer, anEvent, type Service, startService } from '../support/service.js';
import { type SkewedClock, skewedClock } from '../support/skewed-clock.js';
import { trialRules } from '../support/trial-rules.js';

const markKey = 'portcullis:{history}:mark2';

/** Each feature shows in the evidence of a rule that always fires. */
const rules = {
  ...trialRules,
  'trial.yml': `features:
  signups_per_device_1h: { count: event, by: [device.fingerprint], window: 1h, on: [signup] }
  accounts_per_card_30d: { distinct: account.id, by: [payment.fingerprint], window: 30d, on: [payment_method_added, api_key_created] }
  fraud_per_device_30d: { labelled: fraud, by: [device.fingerprint], window: 30d }
  verified_per_device_30d: { distinct: account.id, by: [device.fingerprint], window: 30d, on: [verified] }
rules:
  - id: trial-count
    family: device
    on: [signup]
    when: signups_per_device_1h >= 0 && fraud_per_device_30d >= 0 && verified_per_device_30d >= 0
    points: 1
    reason: identity.trial
    title: "{signups_per_device_1h} signups from this device"
    owner: trial
  - id: trial-card
    family: payment
    on: [signup, api_key_created]
    when: accounts_per_card_30d >= 0
    points: 1
    reason: identity.trial
    title: "{accounts_per_card_30d} accounts with this card"
    owner: trial
`,
};

const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };
const device = { fingerprint: 'fp_shared' };
const payment = { fingerprint: 'card_shared' };

/** A busy machine may answer 503: then the caller comes again, as any caller would. */
const post = (service: Service, path: string, body: unknown): Promise<Answer> =>
  eventually(async () => {
    const answer = await service.call('POST', path, { body });
    return answer.status === 200 ? answer : undefined;
  });

/** Signups on one device, cards added by some, keys that count the card their account is remembered by. */
async function fill(service: Service): Promise<void> {
  for (let i = 0; i < 30; i++) await service.evaluate(anEvent(`a${i}`, { device }));
  for (let i = 0; i < 9; i++) {
    const type = 'payment_method_added';
    await service.evaluate(anEvent(`a${i}`, { type, event_id: `evt_pay_${i}`, ...(i < 8 ? { payment } : {}) }));
    const key = { type: 'api_key_created', event_id: `evt_key_${i}`, api_key: { id: `key_${i}` } };
    await service.evaluate(anEvent(`a${i}`, key));
  }
  for (const account of ['a6', 'a7']) {
    const body = { method: 'phone', result: 'passed', evidence: { phone: '+15551234567' } };
    await post(service, `/v1/accounts/${account}/verifications`, body);
  }
  for (const [account, label] of [
    ['a3', 'fraud'],
    ['a4', 'fraud'],
    ['a5', 'honest'],
  ]) {
    const body = { label, source: 'chargeback', observed_at: new Date().toISOString() };
    await post(service, `/v1/accounts/${account}/labels`, body);
  }
}

/** What the features say about one more signup, which is not counted. */
async function counts(service: Service): Promise<Record<string, unknown>> {
  const event = anEvent('probe', { device, payment });
  const { body } = await post(service, '/v1/evaluations:simulate', event);
  const evidence: Record<string, unknown>[] = body.reasons.map((reason: { evidence: object }) => reason.evidence);
  return Object.assign({ degraded: body.degraded }, ...evidence);
}

const whole = {
  degraded: [],
  signups_per_device_1h: 31,
  accounts_per_card_30d: 8,
  fraud_per_device_30d: 2,
  verified_per_device_30d: 2,
};

const stateOf = async (service: Service, accountId: string): Promise<unknown> =>
  (await service.call('GET', `/v1/accounts/${accountId}`)).body?.access?.state;

async function metric(service: Service, line: string): Promise<number> {
  const { body } = await service.call('GET', '/metrics');
  const found = String(body)
    .split('\n')
    .find((one) => one.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

const isWholeAgain = (service: Service) => async () => (await counts(service)).signups_per_device_1h !== undefined;

describe('velocity history that Redis lost, with two instances on PostgreSQL', () => {
  let postgres: PostgresServer;
  let redis: TestRedis;
  let connection: RedisConnection;
  let instances: Service[];
  const [one, other] = [() => instances[0] as Service, () => instances[1] as Service];

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    const start = () => startService({ rules, env, databaseUrl: postgres.url, redisUrl: redis.url });
    instances = await Promise.all([start(), start()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(instances.map((service) => service.remove()));
    await connection.close();
    await Promise.all([postgres.stop(), redis.stop()]);
  }, 30_000);

  it('degrades nothing on a brand-new installation', async () => {
    for (const service of instances) {
      const decision = await service.evaluate(anEvent(`first_${service.pid}`, { device: { fingerprint: 'fp_first' } }));
      expect(decision).toMatchObject({ outcome: 'allow', degraded: [] });
    }
  });

  it('is unknown from the wipe on, and the same as before once it is rebuilt, by one of them', async () => {
    await fill(one());
    await eventually(async () => {
      const { fraud_per_device_30d: fraud, verified_per_device_30d: verified } = await counts(other());
      return fraud === 2 && verified === 2;
    });
    expect(await counts(one())).toEqual(whole);
    await connection.call('FLUSHALL');

    for (const service of instances) {
      const decision = await service.evaluate(anEvent(`blind_${service.pid}`, { device: { fingerprint: 'fp_other' } }));
      expect(decision).toMatchObject({
        outcome: 'limit',
        access: { state: 'limited' },
        degraded: ['velocity_unavailable'],
      });
    }
    await eventually(isWholeAgain(one()));
    expect(await counts(one())).toEqual(whole);
    expect(await counts(other())).toEqual(whole);
    for (const service of instances)
      await eventually(async () => (await stateOf(service, `blind_${service.pid}`)) === 'admitted');

    const done = 'portcullis_velocity_history_rebuilds_total{result="done"}';
    expect((await metric(one(), done)) + (await metric(other(), done))).toBe(1);
    // A machine that is busy with other tests may have kept Redis from answering before.
    const degraded = 'portcullis_degraded_decisions_total{reason="velocity_unavailable"}';
    expect(await metric(one(), degraded)).toBeGreaterThan(0);
  }, 60_000);

  it('is rebuilt again when Redis is wiped while it is being rebuilt', async () => {
    await connection.call('FLUSHALL');
    await eventually(async () => (await connection.call('EXISTS', 'portcullis:{history}:rebuild')) === 1);
    await connection.call('FLUSHALL');
    await eventually(isWholeAgain(one()));
    expect(await counts(other())).toEqual(whole);
  }, 60_000);

  it('is unknown when Redis dropped some of it for lack of memory, and counted again when it drops no more', async () => {
    const rebuilds = async (): Promise<number> => {
      const done = 'portcullis_velocity_history_rebuilds_total{result="done"}';
      return (await metric(one(), done)) + (await metric(other(), done));
    };
    const eviction = async (service: Service) => (await service.call('GET', '/readyz')).body.checks.redis_eviction;
    const before = await rebuilds();
    // What does not run out by itself stays, the mark that says that all is whole among it.
    await connection.call('CONFIG', 'SET', 'maxmemory-policy', 'volatile-random', 'maxmemory', 1);
    for (const service of [one(), other()])
      await eventually(async () => (await counts(service)).degraded?.toString() === 'velocity_unavailable');
    for (const service of [one(), other()]) await eventually(async () => (await eviction(service)) === 'degraded');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await connection.call('EXISTS', markKey)).toBe(0);
    expect(await rebuilds()).toBe(before);

    await connection.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'maxmemory', 0);
    await eventually(isWholeAgain(one()));
    expect(await counts(one())).toEqual(whole);
    expect(await counts(other())).toEqual(whole);
    expect(await rebuilds()).toBe(before + 1);
    for (const service of [one(), other()]) await eventually(async () => (await eviction(service)) === 'ok');
  }, 60_000);
});

describe('velocity history in a Redis that was restored from an older copy, on PGlite', () => {
  let redis: TestRedis;
  let connection: RedisConnection;
  let service: Service;

  beforeAll(async () => {
    redis = await startRedis();
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    service = await startService({ rules, env, redisUrl: redis.url });
  }, 60_000);
  afterAll(async () => {
    await service.remove();
    await connection.close();
    await redis.stop();
  }, 30_000);

  it('is not believed, and is rebuilt', async () => {
    await service.evaluate(anEvent('a0', { device }));
    const copy: [string, string][] = [];
    await connection.scan('*', async (keys) => {
      for (const key of keys.filter((one) => /^(f|fa|am|ga|portcullis):?/.test(one))) copy.push([key, key]);
    });
    expect(copy.length).toBeGreaterThan(2);
    const [epoch, at] = String(await connection.call('GET', markKey)).split(' ');
    await connection.call('SCRIPT', 'FLUSH');
    for (const [key, name] of copy) await connection.call('COPY', key, `copy:${name}`, 'REPLACE');
    await fill(service);
    await eventually(async () => (await counts(service)).fraud_per_device_30d === 2);

    // What happened since is gone; the mark is as old as such a copy would be.
    await connection.scan('*', async (keys) => {
      for (const key of keys.filter((one) => /^(f|fa|am|ga):/.test(one))) await connection.call('DEL', key);
    });
    for (const [key, name] of copy) await connection.call('RENAME', `copy:${name}`, key);
    await connection.call('SET', markKey, `${epoch} ${Number(at) - 3_600_000}`);

    expect((await counts(service)).degraded).toEqual(['velocity_unavailable']);
    await eventually(isWholeAgain(service));
    expect(await counts(service)).toEqual(whole);
    expect(await metric(service, 'portcullis_velocity_history_whole')).toBe(1);
  }, 60_000);
});

describe('velocity history that was counted while the clock was two hours ahead', () => {
  let redis: TestRedis;
  let connection: RedisConnection;
  let clock: SkewedClock;
  let service: Service;

  beforeAll(async () => {
    redis = await startRedis();
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    clock = await skewedClock(7_200_000);
    service = await startService({ rules, env: { ...env, ...clock.env, EVENT_TIME: 'trusted' }, redisUrl: redis.url });
  }, 60_000);
  afterAll(async () => {
    await service?.remove();
    await clock.remove();
    await connection.close();
    await redis.stop();
  }, 30_000);

  it('is rebuilt once after a wipe, and not again and again until that time has come', async () => {
    await service.evaluate(anEvent('a0', { device, occurred_at: new Date().toISOString() }));
    await service.stop();
    await clock.set(0);
    await connection.call('FLUSHALL');
    await service.start();
    await eventually(isWholeAgain(service));
    for (let round = 0; round < 20; round++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await counts(service)).degraded).toEqual([]);
    }
    expect(await metric(service, 'portcullis_velocity_history_rebuilds_total{result="done"}')).toBe(1);
  }, 60_000);
});
