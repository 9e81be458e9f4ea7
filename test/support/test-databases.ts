import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { type Migration, migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { type PostgresServer, startPostgres } from './postgres-server.js';

/** What the next version may do while instances of this one still run: each table gets a column that they do not know. */
export const laterVersion: Migration = {
  name: '9999_later.sql',
  sql: `do $$
    declare name text;
    begin
      for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' loop
        execute format('alter table %I add column of_a_later_version text not null default %L', name, 'by default');
      end loop;
    end $$`,
};

/** A migrated PGlite for the tests of the describe block that calls this; `further` come after the product's own migrations. */
export function usePglite(...further: readonly Migration[]): () => Database {
  let dir: string;
  let database: Database;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-pglite-'));
    database = await openPglite(dir);
    await migrate(database);
    await migrate(database, further);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await rm(dir, { recursive: true, force: true });
  });
  return () => database;
}

/** A migrated PostgreSQL with one pool, for the tests of the describe block that calls this. */
export function useOnePostgres(maxConnections = 20): () => Database {
  let server: PostgresServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    database = await openPostgres(server.url, { callTimeoutMs: 20_000, maxConnections });
    await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  return () => database;
}

/** A migrated PostgreSQL; each call gives the other one of two pools, as two instances of the service would use it. */
export function usePostgres(maxWaiting: number): () => Database {
  let server: PostgresServer;
  let databases: Database[];
  let next = 0;
  beforeAll(async () => {
    server = await startPostgres();
    const open = () => openPostgres(server.url, { callTimeoutMs: 20_000, maxWaiting });
    databases = await Promise.all([open(), open()]);
    for (const database of databases) await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server.stop();
  });
  return () => {
    const database = databases[next++ % databases.length];
    if (database === undefined) throw new Error('no database is open');
    return database;
  };
}
