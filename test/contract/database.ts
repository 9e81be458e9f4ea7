import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';

/** What every database must do alike, so that the adapters' SQL means the same on each. */
export function databaseContract(open: () => Promise<Database>): void {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    // The embedded one comes with the schema that the build has prepared.
    await database.script('drop schema public cascade; create schema public');
    await database.script('create table notes (id bigint primary key, body jsonb, tags text[], at timestamptz)');
  }, 60_000);
  afterAll(() => database.close());

  it('gives bigint as number, jsonb parsed, arrays as arrays and times as dates', async () => {
    const at = new Date('2026-05-01T12:00:00.123Z');
    const sql = 'insert into notes values ($1, $2, $3, $4) returning *';
    const rows = await database.query(sql, [2 ** 40, JSON.stringify([{ a: 1 }]), ['x,y', '"z"'], at]);
    expect(rows).toEqual([{ id: 2 ** 40, body: [{ a: 1 }], tags: ['x,y', '"z"'], at }]);
  });

  it('keeps what a transaction wrote when it ends well and nothing when it fails', async () => {
    await database.transaction((tx) => tx.query('insert into notes (id) values (10)'));
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into notes (id) values (11)');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await database.query('select id from notes where id in (10, 11)')).toEqual([{ id: 10 }]);
  });

  it('goes on after a statement that fails, and names its SQLSTATE', async () => {
    await database.query('insert into notes (id) values (20)');
    const repeated = database.query('insert into notes (id) values (20)');
    await expect(repeated).rejects.toMatchObject({ code: '23505' });
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('keeps transactions apart that run at the same time', async () => {
    await database.query('insert into notes (id, body) values (30, $1)', ['0']);
    const increment = () =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<{ body: number }>('select body from notes where id = 30 for update');
        await tx.query('update notes set body = $1 where id = 30', [JSON.stringify((row?.body ?? 0) + 1)]);
      });
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await database.query('select body from notes where id = 30')).toEqual([{ body: 8 }]);
  });

  it('applies every migration once, also when several start at the same time', async () => {
    const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
    expect(applied.flat()).toContain('0001_first.sql');
    expect(new Set(applied.flat()).size).toBe(applied.flat().length);
    expect(await migrate(database)).toEqual([]);
  });

  it('refuses a migration that was changed after it had been applied, and applies nothing then', async () => {
    await migrate(database, [{ name: '9000_a.sql', sql: 'create table a ()' }]);
    const changed = migrate(database, [
      { name: '9000_a.sql', sql: 'create table a (x int)' },
      { name: '9001_b.sql', sql: 'create table b ()' },
    ]);
    await expect(changed).rejects.toThrow('migration 9000_a.sql was changed');
    expect(await database.query("select to_regclass('b')::text as b")).toEqual([{ b: null }]);
  });

  it('keeps the schema as it was when a migration fails halfway', async () => {
    const broken = migrate(database, [{ name: '9002_c.sql', sql: 'create table c (); create table notes ()' }]);
    await expect(broken).rejects.toThrow('migration 9002_c.sql failed');
    expect(await database.query("select to_regclass('c')::text as c")).toEqual([{ c: null }]);
  });
}
