import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService, trialRules } from '../support/service.js';
import { startReceiver } from '../support/webhook-receiver.js';

const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share', WEBHOOK_LOOPBACK: 'allow' };
const rules = {
  ...trialRules,
  'shared.yml': `features:
  accounts_per_device_1h: { distinct: account.id, by: [device.fingerprint], window: 1h, on: [signup] }
rules:
  - id: trial-shared
    family: device
    on: [signup]
    when: accounts_per_device_1h >= 3
    points: 40
    reason: identity.trial
    title: "{accounts_per_device_1h} accounts on this device"
    owner: trial
links:
  device: { by: [device.fingerprint], strength: strong, hub_cap: 40, ttl: 90d }
`,
};

let postgres: PostgresServer;
let redis: TestRedis;
let admin: Redis;
let service: Service;
let workers: Service;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  admin = new Redis(redis.url);
  // Nothing was decided yet: there is no history that it could have dropped some of.
  await admin.config('SET', 'maxmemory', '500mb', 'maxmemory-policy', 'allkeys-lru');
  const servers = { databaseUrl: postgres.url, redisUrl: redis.url, rules };
  const withRole = (role: string) => startService({ ...servers, env: { ...env, ROLES: role } });
  [service, workers] = await Promise.all([withRole('api'), withRole('workers')]);
}, 120_000);
afterAll(async () => {
  admin?.disconnect();
  await Promise.all([service?.remove(), workers?.remove()]);
  await Promise.all([postgres.stop(), redis.stop()]);
}, 30_000);

const metricOf = async (name: string, of: Service = service): Promise<number | undefined> => {
  const { body } = await of.call('GET', '/metrics');
  const line = body.split('\n').find((one: string) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
};

describe('a Redis that drops what it was given', () => {
  it('is told of, and the service goes on', async () => {
    await eventually(async () => (await metricOf('portcullis_redis_evicts')) === 1);
    expect(await service.call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { checks: { redis_eviction: 'degraded' } },
    });
    expect(service.output).toContain('Redis drops records');
    expect(workers.output).not.toContain('IMPORTANT');
    await admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
  }, 60_000);
});

describe('a process that only works', () => {
  it('answers probes and metrics, nothing else, and says no more of itself', async () => {
    for (const path of ['/livez', '/readyz', '/metrics']) expect((await workers.call('GET', path)).status).toBe(200);
    for (const path of ['/v1/cases', '/v1/gate/check', '/console/', '/docs', '/openapi.json'])
      expect([path, (await workers.call('GET', path)).status]).toEqual([path, 404]);
    expect((await workers.call('POST', '/v1/evaluations', { body: aSignup('nobody', 'free') })).status).toBe(404);
    expect(workers.output).not.toMatch(/console|Try it/);
    expect(service.output).toMatch(/console/);
  });
});

describe('an account that is judged again and stays what it is', () => {
  it('is told of with its present reasons', async () => {
    await admin.call('REPLICAOF', '127.0.0.1', '1');
    const device = { fingerprint: 'fp_outage' };
    const ids = ['out-1', 'out-2', 'out-3'];
    try {
      await eventually(async () => (await service.call('GET', '/readyz')).status === 503);
      for (const id of ids) {
        const decision = await service.evaluate(aSignup(id, 'free', { device }));
        expect(decision).toMatchObject({ access: { state: 'limited' }, score: 0 });
      }
    } finally {
      await admin.call('REPLICAOF', 'NO', 'ONE');
    }
    // Only the last sees all three. State and history are read one after the other: another may be let in in between.
    const account = await eventually(async () => {
      const answers = await Promise.all(ids.map((id) => service.call('GET', `/v1/accounts/${id}`)));
      return answers
        .map(({ body }) => body)
        .find(
          ({ access, history: [latest] }) =>
            access.state === 'limited' && latest.kind === 'account_judged_again' && latest.detail.outcome === 'limit',
        );
    }, 60_000);
    const [found] = account.history;
    expect(found.detail).toMatchObject({ reasons: expect.arrayContaining(['identity.trial']), outcome: 'limit' });
    const id = account.history.at(-1).detail.id;
    const { body } = await service.call('GET', `/v1/decisions/${id}/explanation`);
    expect(body.outcome.lower).toEqual([]);
    expect(body.evidence.notes.at(-1)).toMatch(/limit, score 4\d, identity\.trial/);
    expect(account.history.filter(({ kind }: { kind: string }) => kind === 'account_judged_again')).toHaveLength(1);
  }, 120_000);
});

describe('an instance that answers', () => {
  it('tells of what waits when no worker lives, of webhooks too, and does not call it zero when it cannot know', async () => {
    const receiver = await startReceiver(() => 503);
    const endpoint = { url: receiver.url, events: ['decision.created'], description: 'trial' };
    expect((await service.call('POST', '/v1/webhook-endpoints', { body: endpoint })).status).toBe(201);
    await eventually(async () => (await metricOf('portcullis_outbox_waiting')) === 0);
    await workers.kill();
    await service.evaluate(aSignup('unseen', 'free', { device: { fingerprint: 'fp_unseen' } }));
    await eventually(async () => ((await metricOf('portcullis_outbox_waiting')) ?? 0) > 0);
    await eventually(async () => ((await metricOf('portcullis_outbox_oldest_seconds')) ?? 0) > 1);
    await eventually(async () => ((await metricOf('portcullis_ring_worker_lag_seconds')) ?? 0) > 1);
    await eventually(async () => ((await metricOf('portcullis_audit_rows{state="unsealed"}')) ?? 0) > 0);
    await workers.start();
    await eventually(async () => (await metricOf('portcullis_outbox_waiting')) === 0);
    await eventually(async () => (await metricOf('portcullis_webhook_deliveries_pending')) === 1);
    await eventually(
      async () => ((await metricOf('portcullis_webhook_attempts_total{result="retried"}', workers)) ?? 0) > 0,
    );
    await receiver.close();
    await postgres.freeze();
    try {
      // A look every five seconds, which may take as long.
      await eventually(async () => (await metricOf('portcullis_outbox_waiting')) === undefined, 15_000);
    } finally {
      await postgres.thaw();
    }
  }, 120_000);
});

describe('a Redis that dropped what it was given, and does so no more', () => {
  it('is told of no longer', async () => {
    await eventually(async () => (await metricOf('portcullis_redis_evicts')) === 0);
    expect(await service.call('GET', '/readyz')).toMatchObject({ status: 200 });
  }, 60_000);
});
