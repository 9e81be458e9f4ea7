import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqlAccessTruth } from '../../src/adapters/postgres/access-truth.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { RedisGateProjection } from '../../src/adapters/redis/gate-projection.js';
import { ringMarkKey } from '../../src/adapters/redis/ring-keys.js';
import { RedisRingProjection } from '../../src/adapters/redis/ring-projection.js';
import { RedisRingRequests } from '../../src/adapters/redis/ring-requests.js';
import { RedisRingStore } from '../../src/adapters/redis/ring-store.js';
import { type CheckGate, createGate } from '../../src/gate/check-gate.js';
import { collectBatch } from '../../src/rings/collect-batch.js';
import { RingGraph } from '../../src/rings/ring-graph.js';
import { decisionRecord } from '../support/decision-record-builder.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

const epoch = 'e1';
const links = [
  { name: 'card', id: 'card-1', by: ['payment.fingerprint'], strength: 'strong', hubCap: 20, ttlMs: 30 * 86_400_000 },
] as const;

describe('the gate on Redis and PostgreSQL', () => {
  let server: PostgresServer;
  let redis: TestRedis;
  let database: Database;
  let connection: RedisConnection;
  let log: SqlDecisionLog;
  let check: CheckGate;
  let projection: RedisRingProjection;

  beforeAll(async () => {
    [server, redis] = await Promise.all([startPostgres(), startRedis()]);
    database = await openPostgres(server.url, { callTimeoutMs: 20_000 });
    await migrate(database);
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    projection = new RedisRingProjection({ redis: connection, epoch: () => epoch, name: 'w1' });
    log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
    check = createGate({
      projection: new RedisGateProjection(connection),
      truth: new SqlAccessTruth(database),
      clock: { now: () => Date.now() },
      policy: () => ({
        limit: { requestsPerDay: 50, ringRequestsPerDay: 5 },
        fail: { storeDown: 'reject', gateUnknown: 'deny', gateMaxStalenessMs: 600_000 },
      }),
      ringRequests: new RedisRingRequests(connection, new RedisRingStore(connection, () => epoch)),
      // These tests are about meaning: a busy machine may take its time.
      within: (work) => work,
      onFailOpen: () => undefined,
    });
    await log.commit(decisionRecord({ number: 'free', account: 'free', apiKeyId: 'key_free' }));
    await log.commit(decisionRecord({ number: 'held', account: 'held', outcome: 'hold', apiKeyId: 'key_held' }));
    await log.commit(decisionRecord({ number: 'slow', account: 'slow', outcome: 'limit', requestsPerDay: 3 }));
  }, 60_000);

  afterAll(async () => {
    await connection.close();
    await database.close();
    await redis.stop();
    await server.stop();
  });

  it('answers the same before and after Redis was wiped', async () => {
    const questions = [{ accountId: 'free' }, { apiKeyId: 'key_free' }, { accountId: 'held' }, { accountId: 'nobody' }];
    const answers = () => Promise.all(questions.map(async (question) => (await check(question)).state));
    const first = await answers();
    expect(first).toEqual(['admitted', 'admitted', 'held', 'unknown']);
    expect(await answers()).toEqual(first);
    await connection.call('FLUSHALL');
    expect(await answers()).toEqual(first);
  });

  it('does not take one account’s key for another account', async () => {
    await connection.call('FLUSHALL');
    const foreign = { accountId: 'free', apiKeyId: 'key_held' };
    expect(await check(foreign)).toMatchObject({ allowed: false, state: 'unknown' });
    await check({ apiKeyId: 'key_held' });
    expect(await check(foreign)).toMatchObject({ allowed: false, state: 'unknown' });
    expect(await check({ accountId: 'free', apiKeyId: 'key_free' })).toMatchObject({ allowed: true });
  });

  it('spends a daily quota exactly, also when the requests come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => check({ accountId: 'slow' })));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(3);
    expect(answers.filter(({ refusal }) => refusal === 'quota_spent')).toHaveLength(7);
  });

  it('spends the quota of a ring exactly, by whoever of it asks, and leaves those outside alone', async () => {
    for (const account of ['r1', 'r2', 'alone'])
      await log.commit(decisionRecord({ number: account, account, outcome: 'limit', requestsPerDay: 4 }));
    const graph = new RingGraph(links);
    const changes = ['r1', 'r2'].map((accountId) =>
      graph.apply({ kind: 'event', accountId, at: Date.now(), trace: { links: [{ link: 'card', key: 'c' }] } }),
    );
    await (await projection.rewrite(true)).finish();
    expect(await projection.publish(collectBatch(changes, graph, Date.now()))).toBe(true);
    const asked = ['r1', 'r2', 'alone'].flatMap((account) => Array.from({ length: 4 }, () => account));
    const answers = await Promise.all(asked.map((accountId) => check({ accountId })));
    const passed = asked.filter((_, index) => answers[index]?.allowed === true);
    expect(passed.filter((account) => account === 'alone')).toHaveLength(4);
    expect(passed.filter((account) => account !== 'alone')).toHaveLength(5);
    expect(answers.every(({ degraded }) => !degraded)).toBe(true);
  });

  it('leaves the limited their own quota while rings are not to be read, and says that it could not see', async () => {
    await log.commit(decisionRecord({ number: 'r3', account: 'r3', outcome: 'limit', requestsPerDay: 4 }));
    await connection.call('DEL', ringMarkKey);
    expect(await check({ accountId: 'r3' })).toMatchObject({ allowed: true, remainingToday: 3, degraded: true });
  });

  it('admits nobody while Redis hangs, and says that it was blind', async () => {
    await check({ accountId: 'free' });
    redis.freeze();
    try {
      expect(await check({ accountId: 'free' })).toMatchObject({ allowed: false, state: 'unknown', degraded: true });
    } finally {
      redis.thaw();
    }
  });
});
