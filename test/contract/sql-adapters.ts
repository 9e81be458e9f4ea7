import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBodyHash } from '../../src/adapters/crypto/body-hash.js';
import { SqlAccessTruth } from '../../src/adapters/postgres/access-truth.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { newestSql, sqlEventNow } from '../../src/adapters/postgres/event-now.js';
import {
  ensureEpoch,
  raiseHistoryMark,
  readDatabaseTime,
  readEpoch,
  readHistoryMark,
  trialPepper,
} from '../../src/adapters/postgres/meta.js';
import { SqlOutbox } from '../../src/adapters/postgres/outbox.js';
import { rehashBodies } from '../../src/adapters/postgres/rehash-bodies.js';
import { SqlSeenDrops } from '../../src/adapters/postgres/seen-drops.js';
import { SqlServiceKeys } from '../../src/adapters/postgres/service-keys.js';
import { SqlUncountedEvents } from '../../src/adapters/postgres/uncounted-events.js';
import type { SeenDrops } from '../../src/features/dropped-records.js';
import { decisionRecord } from '../support/decision-record-builder.js';

/** Counts statements, and can be told to fail them. */
function watched(database: Database): Database & { statements: string[]; broken: boolean } {
  const watcher = {
    statements: [] as string[],
    broken: false,
    async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
      watcher.statements.push(sql);
      if (watcher.broken) throw new Error('the database is away');
      return database.query<Row>(sql, parameters);
    },
    script: (sql: string) => database.script(sql),
    transaction: database.transaction.bind(database),
    close: () => database.close(),
  };
  return watcher;
}

/** The smaller adapters over the same tables. */
export function sqlAdaptersContract(open: () => Database): void {
  let database: Database;
  beforeAll(() => {
    database = open();
  });

  describe('hashes of bodies from before they had a key', () => {
    const { former, hash, ofFormer } = createBodyHash('a pepper');
    const add = (ids: readonly string[], hashes: readonly string[]) =>
      database.query(
        `insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer,
          inputs, sealed)
        select 'dec_body' || r.id, 'evt_body' || r.id, r.hash, 'acct_body', 'signup', now(), now(), 'allow', 0, '{}', '{}', 'x'
        from unnest($1::text[], $2::text[]) r (id, hash)`,
        [ids, hashes],
      );
    const hashesOf = async (...ids: readonly string[]) => {
      const sql = 'select body_hash as hash from decisions where id = any($1::text[]) order by id';
      const rows = await database.query<{ hash: string }>(sql, [ids.map((id) => `dec_body${id}`)]);
      return rows.map((row) => row.hash);
    };
    const rehashAll = async () => {
      while (await rehashBodies(database, ofFormer));
    };
    beforeAll(() => database.query("delete from meta where key = 'bodies_rehashed_to'"));
    afterAll(() => database.query("delete from decisions where account_id = 'acct_body'"));

    it('are replaced page by page, and what is keyed or erased stays', async () => {
      const many = Array.from({ length: 1500 }, (_, i) => String(1000 + i));
      await add(many, many.map(former));
      await add(['2600', '2601'], [hash('keyed'), 'erased']);
      await rehashAll();
      expect(await hashesOf('1000', '2499', '2600', '2601')).toEqual([
        hash('1000'),
        hash('2499'),
        hash('keyed'),
        'erased',
      ]);
    });

    it('are found at the next start where an instance of before went on writing them', async () => {
      await add(['2700'], [former('late')]);
      await rehashAll();
      expect(await hashesOf('2700')).toEqual([hash('late')]);
    });
  });

  describe('the time of events', () => {
    const minute = 60_000;
    /** Later than whatever other suites decide. */
    const decided = Date.parse('2031-01-01T00:00:00.000Z');
    const imported = Date.parse('2019-06-10T00:00:00.000Z');
    const add = (rows: readonly (readonly [decidedAt: number, occurredAt: number])[]) =>
      database.query(
        `insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer,
          inputs, sealed)
        select 'dec_time' || d, 'evt_time' || d, 'hash', 'acct_time', 'signup', o, d, 'allow', 0, '{}', '{}', 'sealed'
        from unnest($1::timestamptz[], $2::timestamptz[]) r (d, o)`,
        [rows.map(([at]) => new Date(at)), rows.map(([, at]) => new Date(at))],
      );
    const timeAt = (now: number) => sqlEventNow(database, { now: () => now })();
    beforeAll(() => database.query('delete from decisions'));
    afterAll(() => database.query("delete from decisions where account_id = 'acct_time'"));

    it('is now where nothing was decided yet', async () => expect(await timeAt(decided)).toBe(decided));

    it('is that of the newest of the last events, and goes on with the wall clock', async () => {
      await add([
        [decided, imported + 20 * minute],
        [decided + 1000, imported],
        [decided + 2000, imported + 10 * minute],
      ]);
      expect(await timeAt(decided + 5000)).toBe(imported + 20 * minute + 5000);
    });

    it('does not believe an event of the future, and is never later than now', async () => {
      await add([[decided + 3000, decided + 60 * minute]]);
      expect(await timeAt(decided + 5000)).toBe(imported + 20 * minute + 5000);
      await add([[decided + 4000, decided + 2 * minute]]);
      expect(await timeAt(decided + 5000)).toBe(decided + 5000);
    });

    it('is that of an import again once it has gone on for some hundred decisions', async () => {
      await add(Array.from({ length: 300 }, (_, i) => [decided + 10_000 + i, imported + i * minute]));
      expect(await timeAt(decided + 10_299)).toBe(imported + 299 * minute);
    });

    it('is found by an index, however much was decided', async () => {
      const plan = await database.query<{ 'QUERY PLAN': string }>(`explain ${newestSql}`);
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('decisions_by_decided');
    });
  });

  describe('outbox', () => {
    const fill = async (count: number) => {
      await database.query('delete from outbox');
      const sql = `insert into outbox (kind, subject, payload)
        select 'case_opened', 'case_' || n, '{"n": 1}' from generate_series(1, $1::int) n`;
      await database.query(sql, [count]);
      return new SqlOutbox(database);
    };

    it('gives each item to one taker only, in order', async () => {
      const outbox = await fill(40);
      const taken = await Promise.all(
        Array.from({ length: 4 }, () => outbox.take({ lane: 'others', limit: 10, leaseMs: 60_000 })),
      );
      const subjects = taken.flat().map(({ subject }) => subject);
      expect(new Set(subjects).size).toBe(40);
      const ids = taken[0]?.map(({ id }) => id) ?? [];
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(taken[0]?.[0]).toMatchObject({ kind: 'case_opened', payload: { n: 1 }, attempts: 1 });
      expect(await outbox.take({ lane: 'others', limit: 10, leaseMs: 60_000 })).toEqual([]);
    });

    it('gives an item again when its lease has run out, and never when it is done', async () => {
      const outbox = await fill(2);
      const [first, second] = await outbox.take({ lane: 'others', limit: 2, leaseMs: 0 });
      await outbox.markDone([first?.id ?? 0]);
      expect(await outbox.take({ lane: 'others', limit: 2, leaseMs: 0 })).toMatchObject([
        { id: second?.id, attempts: 2 },
      ]);
    });

    it('gives again what Redis was told since then, and counts no delivery of it', async () => {
      const outbox = await fill(3);
      await database.query("update outbox set kind = 'decision_created' where subject = 'case_3'");
      const taken = await outbox.take({ lane: 'others', limit: 3, leaseMs: 60_000 });
      const ids = taken.map(({ id }) => id);
      expect((await outbox.markDone(ids)).length).toBe(3);
      await database.query("update outbox set done_at = done_at - interval '1 minute' where subject = 'case_1'");
      expect(await outbox.tellAgain(Date.now() - 30_000)).toBe(1);
      const again = await outbox.take({ lane: 'others', limit: 3, leaseMs: 60_000 });
      expect(again).toMatchObject([{ subject: 'case_2', attempts: 1 }]);
      expect(await outbox.markDone(again.map(({ id }) => id))).toEqual([]);
      expect(await outbox.take({ lane: 'others', limit: 3, leaseMs: 0 })).toEqual([]);
    });

    it('puts a failed item off, counts what was tried in vain and forgets what is long done', async () => {
      const outbox = await fill(3);
      expect(await outbox.backlog()).toMatchObject({ count: 3 });
      const [first, second, third] = await outbox.take({ lane: 'others', limit: 3, leaseMs: 0 });
      await outbox.retryLater([first?.id ?? 0], { firstMs: 1000, longestMs: 5000 });
      await outbox.markDone([second?.id ?? 0]);
      expect((await outbox.take({ lane: 'others', limit: 3, leaseMs: 60_000 })).map(({ id }) => id)).toEqual([
        third?.id,
      ]);
      expect(await outbox.backlog()).toMatchObject({ count: 2 });
      await outbox.markDone([first?.id ?? 0, third?.id ?? 0]);
      expect(await outbox.backlog()).toEqual({ count: 0, oldestMs: 0 });
      expect(await outbox.deleteDone(60_000)).toBe(0);
      expect(await outbox.deleteDone(-60_000)).toBe(3);
    });

    it('says how old an item is that nobody can deliver, and counts none that is not to be told yet', async () => {
      const outbox = await fill(2);
      await database.query("update outbox set created_at = now() - interval '10 minutes' where subject = 'case_1'");
      await database.query("update outbox set not_before = now() + interval '1 minute' where subject = 'case_2'");
      const [item] = await outbox.take({ lane: 'others', limit: 1, leaseMs: 0 });
      await outbox.retryLater([item?.id ?? 0], { firstMs: 60_000, longestMs: 60_000 });
      const { count, oldestMs } = await outbox.backlog();
      expect(count).toBe(1);
      expect(oldestMs).toBeGreaterThanOrEqual(600_000);
    });

    it('knows of each lane whether something waits that is older than a moment', async () => {
      const outbox = await fill(1);
      await database.query("update outbox set kind = 'access_changed', created_at = now() - interval '10 seconds'");
      expect(await outbox.isWaiting('access', 5000)).toBe(true);
      expect(await outbox.isWaiting('access', 20_000)).toBe(false);
      expect(await outbox.isWaiting('others', 5000)).toBe(false);
      const [item] = await outbox.take({ lane: 'access', limit: 1, leaseMs: 60_000 });
      expect(await outbox.isWaiting('access', 5000)).toBe(true);
      await outbox.markDone([item?.id ?? 0]);
      expect(await outbox.isWaiting('access', 5000)).toBe(false);
    });

    it('gives what tightens access apart from admissions, new accounts and clearings, which do not go before it', async () => {
      const outbox = await fill(0);
      const changes = [
        ['admitted', 'held'],
        ['limited', 'denied'],
        ['admitted', 'limited'],
        ['held', 'admitted'],
        ['held', 'denied'],
        [null, 'held'],
        [null, 'limited'],
      ] as const;
      for (const [from, to] of changes)
        await database.query("insert into outbox (kind, subject, payload) values ('access_changed', $1, $2::jsonb)", [
          `${from}-${to}`,
          JSON.stringify({ from, to }),
        ]);
      await database.query("insert into outbox (kind, subject, payload) values ('account_cleared', 'cleared', '{}')");
      const subjectsOf = async (lane: 'tightening' | 'access') =>
        (await outbox.take({ lane, limit: 10, leaseMs: 60_000 })).map(({ subject }) => subject);
      expect(await subjectsOf('tightening')).toEqual(['admitted-held', 'limited-denied', 'admitted-limited']);
      expect(await subjectsOf('access')).toEqual([
        'held-admitted',
        'held-denied',
        'null-held',
        'null-limited',
        'cleared',
      ]);
    });

    it('gives changes of access apart from the rest, and says of each once how long it took', async () => {
      const outbox = await fill(1);
      await database.query(`insert into outbox (kind, subject, payload, created_at)
        values ('access_changed', 'a', '{}', now() - interval '1 minute')`);
      const others = await outbox.take({ lane: 'others', limit: 5, leaseMs: 60_000 });
      const access = await outbox.take({ lane: 'access', limit: 5, leaseMs: 60_000 });
      expect([others, access]).toMatchObject([[{ kind: 'case_opened' }], [{ kind: 'access_changed' }]]);
      const ids = access.map(({ id }) => id);
      const [first, ...more] = await outbox.markDone(ids);
      expect(more).toEqual([]);
      expect(first?.id).toBe(ids[0]);
      expect(first?.lagMs).toBeGreaterThanOrEqual(60_000);
      expect(await outbox.markDone(ids)).toEqual([]);
    });

    it('puts an item off for longer with every try, up to the longest pause', async () => {
      const outbox = await fill(1);
      const pauses: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        const [item] = await outbox.take({ lane: 'others', limit: 1, leaseMs: 0 });
        await outbox.retryLater([item?.id ?? 0], { firstMs: 1_000_000, longestMs: 5_000_000 });
        const [row] = await database.query<{ pause: number }>(`with due as (update outbox set not_before = now())
          select round(extract(epoch from not_before - now()) / 100)::int as pause from outbox`);
        pauses.push(row?.pause ?? 0);
      }
      expect(pauses).toEqual([10, 20, 40, 50, 50]);
    });

    it('does not give an item before its time', async () => {
      const outbox = await fill(1);
      await database.query("update outbox set not_before = now() + interval '1 hour'");
      expect(await outbox.take({ lane: 'others', limit: 5, leaseMs: 0 })).toEqual([]);
    });
  });

  describe('access truth', () => {
    beforeAll(async () => {
      const log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
      await log.commit(decisionRecord({ number: 7000, account: 'gate_a', outcome: 'limit', apiKeyId: 'gate_k1' }));
      await log.commit(decisionRecord({ number: 7001, account: 'gate_a', outcome: 'limit', apiKeyId: 'gate_k2' }));
      await log.commit(decisionRecord({ number: 7002, account: 'gate_b', outcome: 'hold', apiKeyId: 'gate_k3' }));
    });
    const limited = { accountId: 'gate_a', state: 'limited', version: 1, requestsPerDay: 50 };

    it('finds an account by its id, by a key, and by both when they belong together', async () => {
      const truth = new SqlAccessTruth(database);
      for (const question of [
        { accountId: 'gate_a' },
        { apiKeyId: 'gate_k1' },
        { accountId: 'gate_a', apiKeyId: 'gate_k2' },
      ]) {
        const entry = await truth.entryOf(question);
        expect(entry?.access).toEqual(limited);
        expect([...(entry?.apiKeyIds ?? [])].sort()).toEqual(['gate_k1', 'gate_k2']);
      }
    });

    it('knows nothing of strangers, of a key of another account, and of ids that cannot be stored', async () => {
      const truth = new SqlAccessTruth(database);
      const strangers = [
        { accountId: 'nobody' },
        { apiKeyId: 'no_key' },
        { accountId: 'gate_a', apiKeyId: 'gate_k3' },
        { accountId: 'gate_a', apiKeyId: 'no_key' },
        { accountId: 'gate\u0000a' },
        { accountId: 'gate\ud800' },
        {},
      ];
      for (const question of strangers) expect(await truth.entryOf(question)).toBeUndefined();
    });

    it('asks once for questions that come together', async () => {
      const watcher = watched(database);
      const truth = new SqlAccessTruth(watcher);
      const questions = Array.from({ length: 300 }, (_, index) => ({
        accountId: index % 2 ? 'gate_a' : `none_${index}`,
      }));
      const entries = await Promise.all(questions.map((question) => truth.entryOf(question)));
      expect(entries.filter((entry) => entry?.access.accountId === 'gate_a')).toHaveLength(150);
      expect(watcher.statements).toHaveLength(1);
    });

    it('rejects when the database is away, and answers again when it is back', async () => {
      const watcher = watched(database);
      const truth = new SqlAccessTruth(watcher);
      watcher.broken = true;
      await expect(truth.entryOf({ accountId: 'gate_a' })).rejects.toThrow('away');
      watcher.broken = false;
      expect((await truth.entryOf({ accountId: 'gate_a' }))?.access).toEqual(limited);
    });

    it('refuses questions beyond its bound at once', async () => {
      const truth = new SqlAccessTruth(database, 2);
      const answers = ['x', 'y', 'z'].map((accountId) => truth.entryOf({ accountId }));
      await expect(answers[2]).rejects.toThrow('too many gate questions');
      expect(await Promise.all(answers.slice(0, 2))).toEqual([undefined, undefined]);
    });
  });

  describe('service keys', () => {
    let now = Date.parse('2026-05-01T12:00:00.000Z');
    const keysOn = (on: Database) =>
      new SqlServiceKeys(on, { clock: { now: () => now }, random: (count) => randomBytes(count) });

    it('shows a secret once and keeps its hash only', async () => {
      const keys = keysOn(database);
      const { key, secret } = await keys.create('gateway', 'edge proxy', 'key_admin');
      expect(secret).toMatch(/^pk_gateway_[\w-]{43}$/);
      expect(await keys.find(secret)).toEqual(key);
      expect(await keys.find(`${secret}x`)).toBeUndefined();
      const stored = JSON.stringify(await database.query('select * from service_keys'));
      expect(stored).not.toContain(secret.slice(12));
      expect(await keys.list()).toContainEqual(key);
    });

    it('refuses a revoked key at once here, and within five seconds elsewhere', async () => {
      const [here, elsewhere] = [keysOn(database), keysOn(database)];
      const { key, secret } = await here.create('reviewer', 'desk', 'key_admin');
      expect(await elsewhere.find(secret)).toEqual(key);
      expect(await here.revoke(key.id, 'key_admin')).toBe(true);
      expect(await here.revoke(key.id, 'key_admin')).toBe(false);
      expect(await here.find(secret)).toBeUndefined();
      now += 5000;
      expect(await elsewhere.find(secret)).toBeUndefined();
    });

    it('writes who made and who revoked a key, never the secret, into the audit trail', async () => {
      const keys = keysOn(database);
      const { key, secret } = await keys.create('senior', 'night shift', 'key_boss');
      await keys.revoke(key.id, 'key_other');
      await keys.revoke(key.id, 'key_late');
      const told = await database.query('select actor, kind, detail from audit where subject = $1 order by seq', [
        key.id,
      ]);
      const detail = { role: 'senior', name: 'night shift' };
      expect(told).toEqual([
        { actor: 'key_boss', kind: 'key.created', detail },
        { actor: 'key_other', kind: 'key.revoked', detail },
      ]);
      expect(JSON.stringify(await database.query('select * from audit'))).not.toContain(secret.slice(12));
    });

    it('gives what was assigned to a revoked key back to everybody, and says so in the timeline and the audit trail', async () => {
      const keys = keysOn(database);
      const { key } = await keys.create('reviewer', 'on leave', 'key_admin');
      await database.query(
        `insert into cases (id, account_id, state, priority, score, reason, rules, verify, opened_at, due_at, assigned_to)
         values ('case_left', 'acct_left', 'open', 0, 0, 'manual', '{}', '{}', now(), now(), $1)`,
        [key.id],
      );
      await keys.revoke(key.id, 'key_admin');
      const read = (sql: string) => database.query(sql);
      expect(await read("select assigned_to, version from cases where id = 'case_left'")).toEqual([
        { assigned_to: null, version: 2 },
      ]);
      expect(await read("select actor, kind from case_entries where case_id = 'case_left'")).toEqual([
        { actor: 'key_admin', kind: 'unassigned' },
      ]);
      expect(await read("select kind, detail from audit where subject = 'case_left'")).toEqual([
        { kind: 'case.unassigned', detail: { account_id: 'acct_left', to: null } },
      ]);
    });

    it('tells of a revoked key as soon as it is refused', async () => {
      const [here, elsewhere] = [keysOn(database), keysOn(database)];
      const { key } = await here.create('worker', 'desk', 'key_admin');
      const told: string[] = [];
      here.onRevoked((id) => told.push(`here: ${id}`));
      elsewhere.onRevoked((id) => told.push(`elsewhere: ${id}`));
      await Promise.all([here.refresh(), elsewhere.refresh()]);
      await here.revoke(key.id, 'key_admin');
      expect(told).toEqual([`here: ${key.id}`]);
      await Promise.all([here.refresh(), elsewhere.refresh()]);
      expect(told).toEqual([`here: ${key.id}`, `elsewhere: ${key.id}`]);
    });

    it('finds a key that another instance has just created', async () => {
      const [here, elsewhere] = [keysOn(database), keysOn(database)];
      expect(await elsewhere.find('pk_admin_unknown')).toBeUndefined();
      const { key, secret } = await here.create('admin', 'fresh', 'key_admin');
      now += 1000;
      expect(await elsewhere.find(secret)).toEqual(key);
    });

    it('asks nobody on behalf of a request where it is refreshed in time', async () => {
      const watcher = watched(database);
      const keys = keysOn(watcher);
      const { key, secret } = await keys.create('gateway', 'edge', 'key_admin');
      await keys.refresh();
      now += 4000;
      await keys.refresh();
      now += 4000;
      const asked = watcher.statements.length;
      expect(await keys.find(secret)).toEqual(key);
      watcher.broken = true;
      await expect(keys.refresh()).rejects.toThrow('away');
      now += 60_000;
      expect(await keys.find(secret)).toEqual(key);
      // The refresh that failed, and one that the last request did not wait for.
      expect(watcher.statements.length).toBe(asked + 2);
    });

    it('goes on with the keys it knows while the database is away', async () => {
      const watcher = watched(database);
      const keys = keysOn(watcher);
      const { key, secret } = await keys.create('gateway', 'edge', 'key_admin');
      await keys.find(secret);
      watcher.broken = true;
      now += 60_000;
      expect(await keys.find(secret)).toEqual(key);
      expect(await keys.find('pk_gateway_unknown')).toBeUndefined();
      await expect(keysOn(watcher).find(secret)).rejects.toThrow('away');
    });
  });

  it("tells the database's time, within a transaction too", async () => {
    const before = Date.now() - 1000;
    const times = await database.transaction(async (tx) => {
      const first = await readDatabaseTime(tx);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [first, await readDatabaseTime(tx)];
    });
    expect(times[0]).toBeGreaterThan(before);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(40);
  });

  describe("the copy of the history's mark", () => {
    it('never goes back, save from a time that has not come yet', async () => {
      const raise = async (at: number, latest: number) => {
        await raiseHistoryMark(database, at, latest);
        return readHistoryMark(database);
      };
      await database.query("delete from meta where key = 'history_mark'");
      expect(await readHistoryMark(database)).toBe(0);
      expect(await raise(5000, 15_000)).toBe(5000);
      expect(await raise(4000, 15_000)).toBe(5000);
      expect(await raise(9000, 15_000)).toBe(9000);
      expect(await raise(7000, 8000)).toBe(7000);
    });
  });

  describe('what was last seen of the records that Redis dropped', () => {
    it('is exchanged by one instance only', async () => {
      const seen = new SqlSeenDrops(database);
      const dropped = (count: number): SeenDrops => ({ droppedByRun: { run1: count }, mayDrop: false });
      const [first, one, other] = [dropped(0), dropped(1), dropped(2)];
      await database.query("delete from meta where key = 'redis_drops'");
      expect(await seen.read()).toBeUndefined();
      expect(await seen.exchange(undefined, first)).toBe(true);
      expect(await seen.exchange(undefined, one)).toBe(false);
      expect(await seen.exchange(first, one)).toBe(true);
      expect(await seen.exchange(first, other)).toBe(false);
      expect(await seen.read()).toEqual(one);
    });

    it('has the events of a time counted again, those too that have just been', async () => {
      const uncounted = new SqlUncountedEvents(database);
      const log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
      const now = Date.now();
      await log.commit(decisionRecord({ number: 'before_loss', account: 'before_loss' }));
      await log.commit(decisionRecord({ number: 'in_loss', account: 'in_loss' }));
      const id = async (account: string) => {
        const sql = 'select id from decisions where account_id = $1';
        return (await database.query<{ id: string }>(sql, [account]))[0]?.id ?? '';
      };
      const [before, lost] = [await id('before_loss'), await id('in_loss')];
      const decide = 'update decisions set decided_at = to_timestamp($1::float8 / 1000) where id = $2';
      await database.query(decide, [now + 3_600_000, before]);
      await database.query(decide, [now + 3_700_000, lost]);
      const waiting = async () => (await uncounted.waiting(10)).map(({ accountId }) => accountId);
      expect(await uncounted.countAgain(now + 3_650_000)).toBe(1);
      expect(await waiting()).toEqual(['in_loss']);
      await uncounted.counted([lost]);
      expect(await waiting()).toEqual([]);
      expect(await uncounted.countAgain(now + 3_650_000)).toBe(1);
      expect(await waiting()).toEqual(['in_loss']);
      await database.query('delete from uncounted_events');
      await database.query('delete from decisions where id = any($1::text[])', [[before, lost]]);
    });

    it('has those judged again who were decided before it was seen', async () => {
      const uncounted = new SqlUncountedEvents(database);
      const from = Date.now() - 60_000;
      await uncounted.noteSpan(from);
      expect(await uncounted.waiting(10)).toEqual([]);
      expect(await uncounted.span()).toBeUndefined();
      await database.query("update uncounted_events set counted_at = counted_at - interval '2 seconds'");
      const span = await uncounted.span();
      expect(span?.from).toBe(from - 1000);
      if (span !== undefined) await uncounted.forget(span);
      expect(await uncounted.span()).toBeUndefined();
    });
  });

  describe('the pepper that is kept for trials', () => {
    it("is the first instance's, and none where it is no secret", async () => {
      const [mine, theirs] = ['the first one of two peppers', 'the second one of two peppers'];
      expect(await trialPepper(database, mine)).toBe(mine);
      expect(await trialPepper(database, theirs)).toBe(mine);
      await database.query("update meta set value = '' where key = 'trial_pepper'");
      await expect(trialPepper(database, mine)).rejects.toThrow(/IDENTIFIER_PEPPER: .* no secret/);
      await database.query("delete from meta where key = 'trial_pepper'");
    });
  });

  describe('epoch', () => {
    it('is agreed on by instances that start together, and stays', async () => {
      const agreed = await Promise.all(['a', 'b', 'c'].map((fresh) => ensureEpoch(database, fresh)));
      expect(new Set(agreed).size).toBe(1);
      expect(agreed).toContain(await readEpoch(database));
      expect(await ensureEpoch(database, 'other')).toBe(agreed[0]);
    });
  });
}
