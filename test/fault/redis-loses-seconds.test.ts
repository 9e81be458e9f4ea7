import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { type LosingRedis, startLosingRedis } from '../support/losing-redis.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { anEvent, aSignup, type Service, startService } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';

const rules = {
  ...trialRules,
  'many.yml': `rules:
  - id: trial-many
    family: device
    on: [signup]
    when: signups_per_device_1h >= 8
    points: 40
    at_least: limit
    reason: identity.trial
    title: "{signups_per_device_1h} signups from this device"
    owner: trial
`,
};
const markKey = 'portcullis:{history}:mark2';
const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };
const device = { fingerprint: 'fp_lost' };

/** What a relay that lost nothing leaves to the next look, and the look, and what follows: far less than the minute of repairs. */
const soonMs = 15_000;

describe('a Redis that loses its last seconds, with two instances', () => {
  let postgres: PostgresServer;
  let redis: LosingRedis;
  let client: Redis;
  let instances: Service[] = [];
  const one = () => instances[0] as Service;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startLosingRedis()]);
    const start = () => startService({ rules, env, databaseUrl: postgres.url, redisUrl: redis.url });
    instances = [await start(), await start()];
    client = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    client.on('error', () => undefined);
  }, 120_000);
  afterAll(async () => {
    client?.disconnect();
    await Promise.all(instances.map((service) => service.remove()));
    await Promise.all([postgres?.stop(), redis?.stop()]);
  }, 30_000);

  const metric = async (service: Service, name: string): Promise<number> => {
    const { body } = await service.call('GET', '/metrics');
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(String(body))?.[1] ?? Number.NaN);
  };
  const rebuilds = () =>
    metric(one(), 'portcullis_velocity_history_rebuilds_total{result="done"}'.replace(/[{}]/g, '.'));
  const losses = (service: Service) => metric(service, 'portcullis_redis_losses_total');
  const stateOf = async (accountId: string): Promise<unknown> =>
    (await one().call('GET', `/v1/accounts/${accountId}`)).body?.access?.state;
  /** That the gate let in, of all questions. */
  const letIn = async (accountIds: readonly string[]): Promise<string[]> => {
    const asked = instances.flatMap((service) =>
      accountIds.map(async (accountId) => ({ accountId, status: (await service.gate({ accountId })).status })),
    );
    return (await Promise.all(asked)).filter(({ status }) => status === 200).map(({ accountId }) => accountId);
  };
  const isBelieved = (accountId: string) =>
    eventually(async () => {
      const answers = await Promise.all(instances.map((service) => service.gate({ accountId })));
      return answers.every(({ status }) => status === 200);
    });
  const counts = async (): Promise<{ degraded: string[]; count: unknown }> => {
    const event = aSignup('probe', 'free', { device });
    const { body } = await one().call('POST', '/v1/evaluations:simulate', { body: event });
    const found = body.reasons.find(({ rule }: { rule: string }) => rule === 'trial-count');
    return { degraded: body.degraded, count: found?.evidence.signups_per_device_1h };
  };

  it('lets nobody in who was held in them, and has its jobs, counts and memories again', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `held-later-${n}`);
    for (const name of names) await one().evaluate(aSignup(name, 'free'));
    await one().evaluate(aSignup('honest', 'free'));
    await one().evaluate(aSignup('card-later', 'free'));
    await isBelieved('honest');
    expect((await letIn(names)).length).toBe(2 * names.length);
    const before = await Promise.all(instances.map(losses));
    await redis.keep();

    for (const name of names)
      await one().call('POST', `/v1/accounts/${name}/hold`, { body: { reason: 'found to be fraud' } });
    const held = await one().evaluate(aSignup('held-in-loss', 'hold'));
    for (let n = 0; n < 10; n++) await one().evaluate(aSignup(`counted-in-loss-${n}`, 'free', { device }));
    const card = { type: 'payment_method_added', event_id: 'evt_lost_card', payment: { funding: 'prepaid' } };
    await one().evaluate(anEvent('card-later', { ...card }));
    const jobs = () => client.keys(`{portcullis}:verification:*${held.case_id}*`);
    await eventually(async () => (await jobs()).length > 0);
    expect(await letIn(names)).toEqual([]);
    await sleep(2500);
    await redis.lose();

    const lostAt = performance.now();
    const blind = await one().evaluate(aSignup('right-after', 'free', { device }));
    expect(['admitted', 'limited']).toContain(blind.access.state);
    // Each is asked for the first time at another moment: whoever was asked for once is there as the truth has it.
    for (const [n, name] of names.entries()) {
      await sleep(Math.max(0, lostAt + n * 800 - performance.now()));
      expect(await letIn([name])).toEqual([]);
    }
    await eventually(async () => (await jobs()).length > 0, soonMs);
    await eventually(async () => (await counts()).count === 12, soonMs);
    expect(await counts()).toEqual({ degraded: [], count: 12 });
    await eventually(async () => (await stateOf('right-after')) === 'limited', soonMs);
    const key = { type: 'api_key_created', event_id: 'evt_lost_key', api_key: { id: 'key_lost' } };
    const decision = await one().evaluate(anEvent('card-later', key));
    expect(decision).toMatchObject({ outcome: 'hold', degraded: [] });
    expect(await letIn(names)).toEqual([]);
    await isBelieved('honest');
    for (const [n, service] of instances.entries()) expect(await losses(service)).toBe((before[n] ?? 0) + 1);
    expect(await rebuilds()).toBe(0);
  }, 120_000);

  it('is believed again within seconds where it was restarted and lost nothing, and decisions go on as they were', async () => {
    await isBelieved('honest');
    const before = await Promise.all(instances.map(losses));
    await redis.keep();
    await redis.lose();
    await eventually(async () => {
      const seen = await Promise.all(instances.map(losses));
      return seen.every((count, n) => count === (before[n] ?? 0) + 1);
    });
    await isBelieved('honest');
    await eventually(async () => (await counts()).count === 12, soonMs);
    expect(await counts()).toEqual({ degraded: [], count: 12 });
    expect(await rebuilds()).toBe(0);
  }, 60_000);

  it('lets nobody in who was held since, where it is an older copy that is rebuilt', async () => {
    const names = Array.from({ length: 6 }, (_, n) => `held-since-${n}`);
    for (const name of names) await one().evaluate(aSignup(name, 'free'));
    await isBelieved(names[0] ?? '');
    expect((await letIn(names)).length).toBe(2 * names.length);
    const before = await rebuilds();
    const mark = String(await client.get(markKey));
    const [epoch, at] = mark.split(' ');
    await client
      .pipeline()
      .set(markKey, `${epoch} ${Number(at) - 3_600_000}`)
      .save()
      .set(markKey, mark)
      .exec();
    for (const name of names)
      await one().call('POST', `/v1/accounts/${name}/hold`, { body: { reason: 'found to be fraud' } });
    await eventually(async () => (await letIn(names)).length === 0);
    await redis.lose();

    const lostAt = performance.now();
    for (const [n, name] of names.entries()) {
      await sleep(Math.max(0, lostAt + n * 500 - performance.now()));
      expect(await letIn([name])).toEqual([]);
    }
    await eventually(async () => (await rebuilds()) > before || (await counts()).count === 12);
    await eventually(async () => (await counts()).degraded.length === 0);
    expect(await letIn(names)).toEqual([]);
    await isBelieved('honest');
  }, 120_000);
});
