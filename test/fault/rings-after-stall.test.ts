import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';

/** Weak links, one of which counts only where a feature says so; the ring is found out at five accounts. */
const rules = {
  'policy.yml': `policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
  probation: off
  unavailable: { velocity: limit, ring: limit }
  rescore: [1h]
  retro_hold: { max_accounts_per_hour: 100, spare: [verified], younger_than: 30d }
`,
  'reasons.yml': 'reasons:\n  ring.big: { title: Ring, public: additional_verification_required }\n',
  'all.yml': `features:
  c_prefix: { count: event, by: [ip.prefix], window: 30m, on: [signup] }
links:
  prefix: { by: [ip.prefix], strength: weak, hub_cap: 40, ttl: 14d }
  kind: { by: [device.template, email.shape], strength: weak, hub_cap: 60, ttl: 14d, when: c_prefix >= 1 }
rules:
  - id: ring-big
    family: ring
    on: [signup, api_key_created]
    when: ring.size >= 5
    points: 20
    at_least: hold
    reason: ring.big
    title: "{ring.size} accounts"
    owner: trial
`,
};

let postgres: PostgresServer;
let redis: TestRedis;
let service: Service;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url, rules });
}, 120_000);
afterAll(async () => {
  redis.thaw();
  await service?.remove();
  await Promise.all([postgres.stop(), redis.stop()]);
}, 30_000);

const device = {
  confidence: 0.9,
  platform: 'Win32',
  timezone: 'Europe/Paris',
  languages: ['en'],
  screen: '1440x900',
};
const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36';

const signup = (n: number) =>
  service.evaluate(
    aSignup(`stalled-${n}`, 'free', {
      ip: `203.0.113.${n}`,
      user_agent: userAgent,
      email: { address: `ab1${n}@gmail.com` },
      device: { ...device, fingerprint: `fp_${n}` },
    }),
  );
/** Undefined from a service that is too busy to say. */
const stateOf = async (n: number): Promise<string | undefined> =>
  (await service.call('GET', `/v1/accounts/stalled-${n}`)).body.access?.state;
const ringSize = async (): Promise<number> =>
  (await service.call('GET', '/v1/rings?min_size=2')).body.data[0]?.size ?? 0;

describe('a ring most of whose accounts came while Redis stalled', () => {
  it('has them all once Redis is back, and is found out and held as it would have been', async () => {
    const numbers = Array.from({ length: 9 }, (_, i) => i + 1);
    for (const n of numbers.slice(0, 3)) {
      await signup(n);
      if (n > 1) await eventually(async () => (await ringSize()) === n);
    }
    redis.freeze();
    for (const n of numbers.slice(3))
      expect(await signup(n)).toMatchObject({ access: { state: 'limited' }, ring: null });
    redis.thaw();
    await eventually(async () => (await ringSize()) === 9, 60_000);
    await eventually(async () => (await Promise.all(numbers.map(stateOf))).every((state) => state === 'held'), 60_000);
  }, 150_000);
});
