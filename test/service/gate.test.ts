import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqlAccessTruth } from '../../src/adapters/postgres/access-truth.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { RedisGateProjection } from '../../src/adapters/redis/gate-projection.js';
import { type CheckGate, createGate } from '../../src/gate/check-gate.js';
import { decisionRecord } from '../support/decision-record-builder.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

describe('the gate on Redis and PostgreSQL', () => {
  let server: PostgresServer;
  let redis: TestRedis;
  let database: Database;
  let connection: RedisConnection;
  let log: SqlDecisionLog;
  let check: CheckGate;

  beforeAll(async () => {
    [server, redis] = await Promise.all([startPostgres(), startRedis()]);
    database = await openPostgres(server.url, { callTimeoutMs: 20_000 });
    await migrate(database);
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
    check = createGate({
      projection: new RedisGateProjection(connection),
      truth: new SqlAccessTruth(database),
      clock: { now: () => Date.now() },
      policy: () => ({ storeDown: 'reject', gateUnknown: 'deny', gateMaxStalenessMs: 600_000 }),
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
