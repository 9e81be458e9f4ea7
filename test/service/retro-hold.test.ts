import { afterAll, beforeAll, expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { type Service, startService } from '../support/service.js';
import { sideBySide, type Telling } from '../support/side-by-side.js';

interface Told {
  readonly kind: string;
  readonly detail: { readonly account_id?: string };
}

/** What a ring's finding out does to its earlier members, from outside, once for each kind of stores. */
const retroHoldStory =
  (open: () => Promise<Service>) =>
  ({ beforeAll, it, afterAll }: Telling): void => {
    let service: Service;
    const earlier = Array.from({ length: 7 }, (_, n) => `early-${n}`);
    const post = (path: string, body: unknown) => service.call('POST', path, { body });
    const gateOf = async (accountId: string): Promise<number> => (await service.gate({ accountId })).status;
    const account = async (accountId: string) => (await service.call('GET', `/v1/accounts/${accountId}`)).body;

    beforeAll(async () => {
      service = await open();
      for (const [n, id] of earlier.entries()) {
        await service.evaluate(sharing(id, 'pm_farm', n));
        if (n > 0) await eventually(async () => (await ringWith(service, id))?.size === n + 1);
      }
    }, 120_000);
    afterAll(() => service.remove(), 30_000);

    it('holds the earlier members, at the gate too, in the case of the account that found the ring out', async () => {
      for (const id of earlier) await eventually(async () => (await gateOf(id)) === 200);
      await post('/v1/accounts/early-0/verifications', { method: 'phone', result: 'passed' });
      const found = await service.evaluate(sharing('finder', 'pm_farm', 50));
      expect(found).toMatchObject({ outcome: 'hold', access: { state: 'held' } });
      const caseId = found.case_id;
      for (const id of earlier.slice(1)) {
        await eventually(async () => (await service.gate({ accountId: id })).body.state === 'held');
        expect(await gateOf(id)).toBe(403);
        expect(await account(id)).toMatchObject({ access: { state: 'held', version: 2 }, open_case_id: caseId });
      }
      await eventually(async () => (await gateOf('early-0')) === 200);
      const next = await service.evaluate(sharing('next', 'pm_farm', 51));
      expect(next.case_id).toBe(caseId);
      const { body: cases } = await service.call('GET', '/v1/cases');
      expect(cases.data).toMatchObject([{ id: caseId, ring_id: found.ring?.id, whole_ring: true }]);
    });

    it('stands in the history of each account with what happened to it, and with nothing that happened to others', async () => {
      const passed = await post('/v1/accounts/early-1/verifications', { method: 'business', result: 'failed' });
      expect(passed.status).toBe(200);
      const kindsOf = async (id: string) => {
        const { history } = await account(id);
        const named = history.filter((entry: Told) => ![undefined, id].includes(entry.detail.account_id));
        expect(named).toEqual([]);
        return history.map(({ kind }: Told) => kind);
      };
      expect(await kindsOf('early-1')).toContain('verification_failed');
      for (const id of ['finder', 'early-2']) expect(await kindsOf(id)).not.toContain('verification_failed');
      const { history } = await account('early-2');
      const ring = await ringWith(service, 'finder');
      expect(history.find(({ kind }: Told) => kind === 'access_changed')).toMatchObject({
        actor: 'retro_hold',
        detail: { from: 'admitted', to: 'held', cause: 'retro_hold', ring_id: ring.id },
      });
    });

    it('is left to a senior: a worker may claim its case, and release or deny none by it', async () => {
      const { body: cases } = await service.call('GET', '/v1/cases');
      const { body: key } = await post('/v1/keys', { role: 'worker', name: 'worker' });
      const headers = { authorization: `Bearer ${key.secret}` };
      const as = (path: string, body?: object) =>
        service.call('POST', path, { headers, ...(body === undefined ? {} : { body }) });
      const path = `/v1/cases/${cases.data[0].id}`;
      const { body: claim } = await as(`${path}/claim`);
      const reason = { claim_token: claim.claim_token, reason: 'alone' };
      for (const decision of ['approve', 'reject']) {
        const refused = await as(`${path}/decisions`, { ...reason, decision });
        expect(refused).toMatchObject({ status: 403, body: { detail: expect.stringContaining('senior') } });
      }
      expect((await as(`${path}/unclaim`, { claim_token: claim.claim_token })).status).toBe(200);
      const many = { case_ids: [cases.data[0].id], decision: 'approve', reason: 'alone' };
      expect((await as('/v1/cases:decide', many)).body).toMatchObject({
        done: 0,
        data: [{ problem: { code: 'forbidden' } }],
      });
      expect(await account('early-3')).toMatchObject({ access: { state: 'held' } });
    });

    it('is taken back as one, and the accounts are as they were', async () => {
      const ring = await ringWith(service, 'finder');
      const [batch] = ring.holds;
      const path = `/v1/rings/${ring.id}/undo`;
      expect((await post(path, { batch_id: 'batch_unknown' })).status).toBe(404);
      const { body: undone } = await post(path, { batch_id: batch.batch_id });
      expect(undone).toMatchObject({ batch: { state: 'undone', ring_id: ring.id }, counts: { restored: 6, held: 0 } });
      for (const id of earlier) await eventually(async () => (await gateOf(id)) === 200);
      expect(await account('early-3')).toMatchObject({ access: { state: 'admitted', version: 3 }, open_case_id: null });
      expect(await gateOf('finder')).toBe(403);
      expect((await post(path, { batch_id: batch.batch_id })).body.counts).toEqual(undone.counts);
    });
  };

let postgres: PostgresServer;
let redis: TestRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

sideBySide({
  'a ring that is found out, on PostgreSQL and Redis': retroHoldStory(() =>
    startService({ rules: ringTrialRules, databaseUrl: postgres.url, redisUrl: redis.url }),
  ),
  'a ring that is found out, on embedded stores': retroHoldStory(() => startService({ rules: ringTrialRules })),
});
