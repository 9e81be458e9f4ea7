import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { MemoryAccessBatches } from '../../src/adapters/memory/access-batches.js';
import { createMemoryCaseStore, memoryCaseRecords } from '../../src/adapters/memory/case-store.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { MemoryRescoreSchedule } from '../../src/adapters/memory/rescore-schedule.js';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import { SqlAccessBatches } from '../../src/adapters/postgres/access-batches.js';
import { createPostgresCaseStore, postgresCaseRecords } from '../../src/adapters/postgres/case-store.js';
import { createCaseUpkeep } from '../../src/adapters/postgres/case-upkeep.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { SqlRescoreSchedule } from '../../src/adapters/postgres/rescore-schedule.js';
import { type IdPrefix, newId as makeId } from '../../src/model/ids.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { type RingCaseWorld, ringCasesContract } from './ring-cases.js';

const random = (count: number) => randomBytes(count);
const options = { claimSecret: 'a secret that every instance knows', random };
const newId = (prefix: IdPrefix) => makeId(prefix, Date.now(), random);
/** Far from what a busy machine needs: these tests are about meaning, not time. */
const patient = { deadlineMs: 20_000 };

const onDatabase = (database: Database): RingCaseWorld => ({
  cases: createPostgresCaseStore(database, options),
  log: new SqlDecisionLog(database, patient),
  records: postgresCaseRecords(database),
  batches: new SqlAccessBatches(database),
  schedule: new SqlRescoreSchedule(database, postgresCaseRecords(database), newId),
  messages: (subject) =>
    database.query('select kind, payload from outbox where subject = $1 and done_at is null order by id', [subject]),
  stuck: () => createCaseUpkeep(database).heldWithoutCase(1000),
});

describe('Cases of rings in memory', () => {
  const truth = new MemoryTruth();
  ringCasesContract(() => ({
    cases: createMemoryCaseStore(truth, options),
    log: new MemoryDecisionLog(truth),
    records: memoryCaseRecords(truth),
    batches: new MemoryAccessBatches(truth),
    schedule: new MemoryRescoreSchedule(truth, newId),
    messages: async (about) => truth.outbox.filter(({ subject }) => subject === about),
    stuck: async () =>
      [...truth.accounts.values()]
        .filter(({ accountId, state }) => state === 'held' && truth.undecidedCaseOf(accountId) === undefined)
        .map(({ accountId }) => accountId),
  }));
});

describe('Cases of rings on PGlite', () => {
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
  ringCasesContract(() => onDatabase(database));
});

describe('Cases of rings on PostgreSQL', () => {
  let server: PostgresServer;
  let databases: Database[];
  beforeAll(async () => {
    server = await startPostgres();
    const open = () => openPostgres(server.url, { callTimeoutMs: 20_000, maxWaiting: 500 });
    databases = await Promise.all([open(), open()]);
    for (const database of databases) await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server.stop();
  });
  let next = 0;
  ringCasesContract(() => {
    const database = databases[next++ % databases.length];
    if (database === undefined) throw new Error('no database is open');
    return onDatabase(database);
  });
});
