import { randomBytes } from 'node:crypto';
import { describe } from '@jest/globals';
import { createMemoryCaseStore } from '../../src/adapters/memory/case-store.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { createPostgresCaseStore } from '../../src/adapters/postgres/case-store.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { laterVersion, usePglite, usePostgres } from '../support/test-databases.js';
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

describe('CaseStore on PGlite that a later version has migrated', () => {
  const database = usePglite(laterVersion);
  caseStoreContract(() => onDatabase(database()));
});

describe('CaseStore on PostgreSQL', () => {
  const database = usePostgres(200);
  caseStoreContract(() => onDatabase(database()));
});
