import { randomBytes } from 'node:crypto';
import { describe } from '@jest/globals';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { allOfCases } from '../support/all-of-cases.js';
import { laterVersion, usePglite, usePostgres } from '../support/test-databases.js';
import { type CaseWorld, casesContract } from './cases.js';

const options = { claimSecret: 'a secret that every instance knows', random: (count: number) => randomBytes(count) };
/** Far from what a busy machine needs: these tests are about meaning, not time. */
const patient = { deadlineMs: 20_000 };

const onDatabase = (database: Database): CaseWorld => ({
  cases: allOfCases(postgresCaseRecords(database), options),
  records: postgresCaseRecords(database),
  log: new SqlDecisionLog(database, patient),
  messages: (subject) =>
    database.query('select kind, payload from outbox where subject = $1 and done_at is null order by id', [subject]),
});

describe('Cases in memory', () => {
  const truth = new MemoryTruth();
  casesContract(() => ({
    cases: allOfCases(memoryCaseRecords(truth), options),
    records: memoryCaseRecords(truth),
    log: new MemoryDecisionLog(truth),
    messages: async (about) => truth.outbox.filter(({ subject }) => subject === about),
  }));
});

describe('Cases on PGlite that a later version has migrated', () => {
  const database = usePglite(laterVersion);
  casesContract(() => onDatabase(database()));
});

describe('Cases on PostgreSQL', () => {
  const database = usePostgres(200);
  casesContract(() => onDatabase(database()));
});
