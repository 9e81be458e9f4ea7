import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { migrate, readMigrations } from '../../src/adapters/postgres/migrate.js';

/** For the tests of a file: a database as it was before the migration of that number, with what an older version left in it. */
export function olderDatabase(before: string, left: string): () => Database {
  let dir: string;
  let database: Database;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-upgrade-'));
    database = await openPglite(dir);
    // It comes with the schema that the build has prepared.
    await database.script('drop schema public cascade; create schema public');
    const older = (await readMigrations()).filter(({ name }) => name < before);
    await migrate(database, older);
    await database.transaction((tx) => tx.script(left));
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await rm(dir, { recursive: true, force: true });
  });
  return () => database;
}
