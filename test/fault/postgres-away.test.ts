import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqlAccessTruth } from '../../src/adapters/postgres/access-truth.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { probeDatabase } from '../../src/adapters/postgres/meta.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { decisionRecord } from '../support/decision-record-builder.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';

describe('when PostgreSQL is away', () => {
  let server: PostgresServer;
  let database: Database;
  let log: SqlDecisionLog;
  beforeAll(async () => {
    server = await startPostgres({ fsync: true });
    const patient = await openPostgres(server.url, { callTimeoutMs: 20_000 });
    await migrate(patient);
    await patient.close();
    database = await openPostgres(server.url);
    log = new SqlDecisionLog(database);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  /** As a caller would: the same event again until the truth answers. */
  async function retried(number: number) {
    for (;;) {
      const outcome = await log.commit(decisionRecord({ number, outcome: 'hold' }));
      if (outcome.kind !== 'unavailable') return outcome;
    }
  }

  it('tells every caller of a stalled server that it is unavailable, and decides each event once afterwards', async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => 8000 + index);
    await retried(7999);
    await server.freeze();
    const stalled = await Promise.all(numbers.map((number) => log.commit(decisionRecord({ number, outcome: 'hold' }))));
    expect(new Set(stalled.map(({ kind }) => kind))).toEqual(new Set(['unavailable']));
    await expect(log.status('acct_8000')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(new SqlAccessTruth(database).entryOf({ accountId: 'acct_8000' })).rejects.toThrow();
    await server.thaw();
    const decided = await Promise.all(numbers.map(retried));
    for (const outcome of decided) expect(['committed', 'replayed']).toContain(outcome.kind);
    const rows = await database.query('select count(*) as decisions from decisions where id >= $1', ['dec_00008000']);
    expect(rows).toEqual([{ decisions: 60 }]);
    const told = await database.query("select count(*) as told from outbox where kind = 'case_opened'");
    expect(told).toEqual([{ told: 61 }]);
  });

  it('keeps the connection whose statement waited in vain for a lock', async () => {
    const one = await openPostgres(server.url, { callTimeoutMs: 20_000, statementTimeoutMs: 100, maxConnections: 1 });
    const pid = () => one.query('select pg_backend_pid() as pid');
    const before = await pid();
    await database.transaction(async (tx) => {
      await tx.query('lock table accounts in access exclusive mode');
      await expect(one.query('select from accounts')).rejects.toBeInstanceOf(StoreUnavailable);
      const alone = one.transaction((mine) => mine.query('select from accounts'));
      await expect(alone).rejects.toBeInstanceOf(StoreUnavailable);
    });
    expect(await pid()).toEqual(before);
    await one.close();
  });

  it('makes another connection where one takes no writes any more: it may lead to a new primary', async () => {
    const one = await openPostgres(server.url, { callTimeoutMs: 20_000, maxConnections: 1 });
    const pid = () => one.query('select pg_backend_pid() as pid');
    const write = "update meta set value = value where key = 'epoch'";
    await takesWrites(false);
    const first = await pid();
    await expect(one.query(write)).rejects.toBeInstanceOf(StoreUnavailable);
    const second = await pid();
    await expect(one.transaction((tx) => tx.query(write))).rejects.toBeInstanceOf(StoreUnavailable);
    const third = await pid();
    await expect(probeDatabase(one)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(new Set([first, second, third, await pid()].map((rows) => JSON.stringify(rows))).size).toBe(4);
    await takesWrites(true);
    await probeDatabase(one);
    await one.query(write);
    await one.close();
  });

  async function takesWrites(does: boolean): Promise<void> {
    await database.query(`alter system set default_transaction_read_only = ${does ? 'off' : 'on'}`);
    await database.query('select pg_reload_conf()');
    const shown = () => database.query<{ value: string }>("select current_setting('transaction_read_only') as value");
    await eventually(async () => (await shown())[0]?.value === (does ? 'off' : 'on'));
  }

  it('is closed although the server stalls', async () => {
    const one = await openPostgres(server.url, { callTimeoutMs: 20_000 });
    const waiting = expect(one.query('select pg_sleep(15)')).rejects.toBeInstanceOf(StoreUnavailable);
    await server.freeze();
    const startedAt = performance.now();
    await one.close();
    await waiting;
    expect(performance.now() - startedAt).toBeLessThan(5000);
    await server.thaw();
  });

  it('goes on by itself after a server that was killed has come back, with everything acknowledged', async () => {
    const before = await retried(8100);
    await server.kill();
    expect((await log.commit(decisionRecord({ number: 8101 }))).kind).toBe('unavailable');
    await server.restart();
    expect((await retried(8101)).kind).toBe('committed');
    const stored = await log.byEventId('evt_8100');
    expect('decision' in before ? before.decision : undefined).toEqual(stored?.decision);
  });

  it('refuses calls at once when too many wait for a connection', async () => {
    const small = await openPostgres(server.url, { maxConnections: 1, maxWaiting: 1, callTimeoutMs: 10_000 });
    const calls = Array.from({ length: 4 }, () => small.query('select pg_sleep(0.05)'));
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await small.close();
  });

  it('rejects clearly when there is no server to open', async () => {
    await expect(openPostgres('postgres://nobody@127.0.0.1:1/none')).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
