import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { type Service, startService } from '../support/service.js';

/** Held for what they are, before any rule about rings has anything to say. */
const rules: typeof ringTrialRules = {
  ...ringTrialRules,
  'door.yml': `rules:
  - id: held-at-the-door
    family: list
    on: [signup]
    when: account.id in ["door-1", "door-2", "door-3", "door-4"]
    points: 0
    at_least: hold
    reason: ring.shared
    title: Held by itself
    owner: trial
`,
};

describe('held accounts of a ring that no rule has found out', () => {
  let postgres: PostgresServer;
  let redis: TestRedis;
  let service: Service;
  const accounts = ['door-1', 'door-2', 'door-3'];
  const onPostgres = async (sql: string): Promise<readonly { done_at: Date | null }[]> => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query<{ done_at: Date | null }>(sql).finally(() => client.end());
    return rows;
  };
  const account = async (accountId: string) => (await service.call('GET', `/v1/accounts/${accountId}`)).body;
  const cases = async () => (await service.call('GET', '/v1/cases?state=open')).body.data;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    service = await startService({ rules, databaseUrl: postgres.url, redisUrl: redis.url });
    const endpoint = { url: 'https://hooks.example/', events: ['case.decided'] };
    expect((await service.call('POST', '/v1/webhook-endpoints', { body: endpoint })).status).toBe(201);
  }, 120_000);
  afterAll(async () => {
    await service.remove();
    await Promise.all([postgres.stop(), redis.stop()]);
  }, 60_000);

  it('come into one case, which the next of them joins, and nobody is held again', async () => {
    for (const [n, id] of accounts.entries()) {
      expect(await service.evaluate(sharing(id, 'pm_door', n))).toMatchObject({
        access: { state: 'held', version: 1 },
      });
      if (n > 0) await eventually(async () => (await ringWith(service, id))?.size === n + 1);
    }
    const found = await eventually(async () => {
      const [first, ...others] = await cases();
      return others.length === 0 && first;
    }, 60_000);
    expect(found).toMatchObject({ whole_ring: true, ring_id: expect.stringMatching(/^ring_/) });
    for (const id of accounts)
      expect(await account(id)).toMatchObject({ access: { state: 'held', version: 1 }, open_case_id: found.id });
    expect((await service.evaluate(sharing('door-4', 'pm_door', 9))).case_id).toBe(found.id);
  }, 120_000);

  it('are told to nobody as decided: they wait in the case of their ring', async () => {
    const told = "select done_at from outbox where kind = 'case_decided'";
    const messages = await onPostgres(told);
    expect(messages).toHaveLength(3);
    // The ten seconds in which a decision can be taken back are over.
    await onPostgres("update outbox set not_before = now() where kind = 'case_decided'");
    await eventually(async () => (await onPostgres(told)).every(({ done_at }) => done_at !== null));
    expect((await service.call('GET', '/v1/webhook-deliveries')).body.data).toEqual([]);
  });

  it('are in cases of their own again when a senior takes that back', async () => {
    const ring = await ringWith(service, 'door-1');
    expect(ring).toMatchObject({
      state: 'open',
      detected_at: null,
      holds: [{ kind: 'gathering', held: 3, spared: 0 }],
    });
    const [{ batch_id }] = ring.holds;
    const undone = await service.call('POST', `/v1/rings/${ring.id}/undo`, { body: { batch_id } });
    expect(undone.body).toMatchObject({ batch: { kind: 'gathering', state: 'undone' }, counts: { restored: 3 } });
    const open: { whole_ring: boolean }[] = await cases();
    expect(open.map(({ whole_ring }) => whole_ring).sort()).toEqual([false, false, false, true]);
    for (const id of accounts) expect((await service.gate({ accountId: id })).status).toBe(403);
  });
});
