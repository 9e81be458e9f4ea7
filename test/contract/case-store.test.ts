import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createMemoryCaseStore } from '../../src/adapters/memory/case-store.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import { createPostgresCaseStore } from '../../src/adapters/postgres/case-store.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { type CaseWorld, caseStoreContract } from './case-store.js';

const options = { claimSecret: 'a secret that every instance knows', random: (count: number) => randomBytes(count) };
/** Far from what a busy machine needs: these tests are about meaning, not time. */
const patient = { deadlineMs: 20_000 };

const onDatabase = (database: Database): CaseWorld => ({
  cases: createPostgresCaseStore(database, options),
  log: new SqlDecisionLog(database, patient),
  messages: (subject) =>
    database.query('select kind, payload from outbox where subject = $1 and done_at is null order by id', [subject]),
});

describe('CaseStore in memory', () => {
  const truth = new MemoryTruth();
  caseStoreContract(() => ({
    cases: createMemoryCaseStore(truth, options),
    log: new MemoryDecisionLog(truth),
    messages: async (about) => truth.outbox.filter(({ subject }) => subject === about),
  }));
});

describe('CaseStore on PGlite', () => {
  let dir: string;
  let database: Database;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-pglite-'));
    database = await openPglite(dir);
    await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await rm(dir, { recursive: true, force: true });
  });
  caseStoreContract(() => onDatabase(database));
});

describe('CaseStore on PostgreSQL', () => {
  let server: PostgresServer;
  let databases: Database[];
  beforeAll(async () => {
    server = await startPostgres();
    const open = () => openPostgres(server.url, { callTimeoutMs: 20_000, maxWaiting: 200 });
    databases = await Promise.all([open(), open()]);
    for (const database of databases) await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server.stop();
  });
  let next = 0;
  caseStoreContract(() => {
    const database = databases[next++ % databases.length];
    if (database === undefined) throw new Error('no database is open');
    return onDatabase(database);
  });
});
