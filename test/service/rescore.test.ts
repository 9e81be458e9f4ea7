import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService, trialRules } from '../support/service.js';

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
`,
};

/** From outside, once for each kind of stores. */
function describeRescoring(title: string, open: () => Promise<Service>): void {
  describe(title, () => {
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
  });
}

let postgres: PostgresServer;
let redis: TestRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

describeRescoring('judging again on PostgreSQL and Redis', () =>
  startService({ rules, databaseUrl: postgres.url, redisUrl: redis.url }),
);
describeRescoring('judging again on embedded stores', () => startService({ rules }));
