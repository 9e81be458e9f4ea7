import { afterAll, beforeAll, expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { anEvent, aSignup, type Service, startService, trialRules } from '../support/service.js';
import { sideBySide, type Telling } from '../support/side-by-side.js';

/** Accounts are judged again after three seconds, and begin on probation, which ends after ten. */
const rules = {
  ...trialRules,
  'policy.yml': `policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 3 }
  probation: { for: 10s, requests_per_day: 200 }
  rescore: [3s]
`,
  'shared.yml': `features:
  accounts_per_device_1h: { distinct: account.id, by: [device.fingerprint], window: 1h, on: [signup] }
  accounts_per_verified_phone_1h: { distinct: account.id, by: [verified.phone], window: 1h }
rules:
  - id: trial-shared
    family: device
    on: [signup]
    when: accounts_per_device_1h >= 3
    points: 10
    at_least: hold
    reason: identity.trial
    title: "{accounts_per_device_1h} accounts on this device"
    owner: trial
  - id: trial-shared-proof
    family: identity
    on: [signup, api_key_created]
    when: accounts_per_verified_phone_1h >= 3
    points: 10
    at_least: hold
    reason: identity.trial
    title: "{accounts_per_verified_phone_1h} accounts verified with this phone"
    owner: trial
links:
  verified_phone: { by: [verified.phone], strength: strong, hub_cap: 40, ttl: 90d }
`,
};

/** From outside, once for each kind of stores. */
const rescoringStory =
  (open: () => Promise<Service>) =>
  ({ beforeAll, it, afterAll }: Telling): void => {
    let service: Service;
    beforeAll(async () => {
      service = await open();
    }, 120_000);
    afterAll(() => service.remove(), 30_000);

    const signup = (id: string, fingerprint: string) =>
      service.evaluate(aSignup(id, 'free', { device: { fingerprint } }));
    const account = async (id: string) => (await service.call('GET', `/v1/accounts/${id}`)).body;
    /** A busy gate that refuses whom it cannot look up says `unknown`. */
    const isHeldAtGate = async (id: string) => {
      const { status, body } = await service.gate({ accountId: id });
      return status === 403 && body.state === 'held';
    };

    it('lets a new account in with a quota, and lifts it when the account is old enough', async () => {
      const decision = await signup('new', 'fp_alone');
      expect(decision).toMatchObject({
        outcome: 'allow',
        public_reason: 'usage_limited',
        access: { state: 'limited', limits: { requests_per_day: 200 } },
      });
      const gate = await service.gate({ accountId: 'new' });
      expect(gate).toMatchObject({ status: 200, body: { state: 'limited', limits: { requests_per_day: 200 } } });
      const simulated = await service.call('POST', '/v1/evaluations:simulate', {
        body: aSignup('only-tried', 'free', { event_id: 'evt_tried' }),
      });
      expect(simulated.body).toMatchObject({
        outcome: 'allow',
        access: { state: 'limited' },
      });
      await eventually(async () => (await account('new')).access.state === 'admitted');
      await eventually(async () => (await service.gate({ accountId: 'new' })).body.state === 'admitted');
    });

    it('holds whoever came before the evidence, at the gate too, with a case and without counting again', async () => {
      await signup('first', 'fp_shared');
      await signup('second', 'fp_shared');
      expect((await signup('third', 'fp_shared')).outcome).toBe('hold');
      for (const id of ['first', 'second']) {
        await eventually(() => isHeldAtGate(id));
        const { access, open_case_id: caseId, history } = await account(id);
        expect(access).toEqual({ state: 'held', version: 2 });
        expect(caseId).toMatch(/^case_/);
        expect(history.filter(({ kind }: { kind: string }) => kind === 'decision')).toHaveLength(1);
      }
      const fourth = await signup('fourth', 'fp_shared');
      const shared = fourth.reasons.find(({ rule }) => rule === 'trial-shared');
      expect(shared?.evidence).toEqual({ accounts_per_device_1h: 4 });
    });

    it('opens accounts again whose phone has verified too many, and joins them', async () => {
      const people = ['kim', 'lou', 'max'];
      const spellings = ['+447911123456', '+4407911123456', '+44 (0)7911 123-456'];
      for (const [place, id] of people.entries()) {
        await signup(id, `fp_of_${id}`);
        const body = { method: 'phone', result: 'passed', evidence: { phone: spellings[place] } };
        const { status } = await service.call('POST', `/v1/accounts/${id}/verifications`, { body });
        expect([id, status]).toEqual([id, 200]);
        // The third is held a moment later, with the others.
        if (place < 2) expect(await account(id)).toMatchObject({ verified: true, access: { state: 'admitted' } });
      }
      for (const id of people) await eventually(() => isHeldAtGate(id));
      expect(await account('kim')).toMatchObject({ verified: false, open_case_id: expect.stringMatching(/^case_/) });
      const ring = await eventually(async () => {
        const found = (await service.call('GET', '/v1/rings')).body.data;
        return found.find(({ size }: { size: number }) => size === 3);
      });
      expect(ring.id).toMatch(/^ring_/);
      const key = { type: 'api_key_created', event_id: 'evt_kim_key', api_key: { id: 'key_kim' } };
      const later = await service.evaluate(anEvent('kim', key));
      const { evidence } = later.reasons.find(({ rule }) => rule === 'trial-shared-proof') ?? {};
      expect(evidence).toEqual({ accounts_per_verified_phone_1h: 3 });
    });
  };

let postgres: PostgresServer;
let redis: TestRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

sideBySide({
  'judging again on PostgreSQL and Redis': rescoringStory(() =>
    startService({ rules, databaseUrl: postgres.url, redisUrl: redis.url }),
  ),
  'judging again on embedded stores': rescoringStory(() => startService({ rules })),
});
