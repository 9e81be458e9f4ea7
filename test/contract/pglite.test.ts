import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import { migrationState } from '../../src/adapters/postgres/migrate.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { ensureBuilt } from '../support/service.js';

describe('the embedded database', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-pglite-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('is open once at a time, syncs to the disk, finishes what was asked before it closes, and keeps its rows', async () => {
    const first = await openPglite(dir);
    await expect(openPglite(dir)).rejects.toThrow('open in another process');
    expect(await first.query('show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await first.query('show wal_sync_method')).toEqual([{ wal_sync_method: 'fsync' }]);
    await first.script('create table t (a int); insert into t values (7)');
    const asked = [1, 2, 3].map((n) => first.query('select $1::int as n', [n]));
    await first.close();
    expect(await Promise.all(asked)).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
    await expect(first.query('select 1')).rejects.toBeInstanceOf(StoreUnavailable);
    const second = await openPglite(dir);
    expect(await second.query('select a from t')).toEqual([{ a: 7 }]);
    await second.close();
  });

  it('has the schema from the beginning, as the build has prepared it', async () => {
    await ensureBuilt();
    const database = await openPglite(dir);
    expect(await migrationState(database)).toMatchObject({ pending: [], changed: [], unknown: [] });
    expect(await database.query('select count(*) as n from accounts')).toEqual([{ n: 0 }]);
    await database.close();
  });

  it('begins again where its making was interrupted', async () => {
    await mkdir(join(dir, 'base'));
    await writeFile(join(dir, 'postgresql.conf'), 'cut off in the mid');
    const database = await openPglite(dir);
    expect(await database.query('select 1 as n')).toEqual([{ n: 1 }]);
    await database.close();
    expect(await readFile(join(dir, 'PG_VERSION'), 'utf8')).toMatch(/^\d+\n$/);
  });

  it('says so when its folder cannot be opened, and lets it go', async () => {
    await writeFile(join(dir, 'PG_VERSION'), 'nonsense');
    await expect(openPglite(dir)).rejects.toThrow();
    await expect(openPglite(dir)).rejects.not.toThrow('open in another process');
  });
});
