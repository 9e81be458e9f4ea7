import { randomBytes } from 'node:crypto';
import { describe } from '@jest/globals';
import { MemoryAccessBatches } from '../../src/adapters/memory/access-batches.js';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { MemoryRescoreSchedule } from '../../src/adapters/memory/rescore-schedule.js';
import { SqlAccessBatches } from '../../src/adapters/postgres/access-batches.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { heldWithoutCase } from '../../src/adapters/postgres/held-without-case.js';
import { SqlRescoreSchedule } from '../../src/adapters/postgres/rescore-schedule.js';
import { type IdPrefix, newId as makeId } from '../../src/model/ids.js';
import { allOfCases } from '../support/all-of-cases.js';
import { laterVersion, usePglite, usePostgres } from '../support/test-databases.js';
import { type RingCaseWorld, ringCasesContract } from './ring-cases.js';
import { ringDecisionsContract } from './ring-decisions.js';

const random = (count: number) => randomBytes(count);
const options = { claimSecret: 'a secret that every instance knows', random };
const newId = (prefix: IdPrefix) => makeId(prefix, Date.now(), random);
/** Far from what a busy machine needs: these tests are about meaning, not time. */
const patient = { deadlineMs: 20_000 };

const onDatabase = (database: Database): RingCaseWorld => ({
  cases: allOfCases(postgresCaseRecords(database), options),
  log: new SqlDecisionLog(database, patient),
  records: postgresCaseRecords(database),
  batches: new SqlAccessBatches(database),
  schedule: new SqlRescoreSchedule(database, postgresCaseRecords(database), newId),
  messages: (subject) =>
    database.query('select kind, payload from outbox where subject = $1 and done_at is null order by id', [subject]),
  stuck: () => heldWithoutCase(database, 1000),
});

describe('Cases of rings in memory', () => {
  const truth = new MemoryTruth();
  const open = (): RingCaseWorld => ({
    cases: allOfCases(memoryCaseRecords(truth), options),
    log: new MemoryDecisionLog(truth),
    records: memoryCaseRecords(truth),
    batches: new MemoryAccessBatches(truth),
    schedule: new MemoryRescoreSchedule(truth, newId),
    messages: async (about) => truth.outbox.filter(({ subject }) => subject === about),
    stuck: async () =>
      [...truth.accounts.values()]
        .filter(({ accountId, state }) => state === 'held' && truth.undecidedCaseOf(accountId) === undefined)
        .map(({ accountId }) => accountId),
  });
  ringCasesContract(open);
  ringDecisionsContract(open);
});

describe('Cases of rings on PGlite that a later version has migrated', () => {
  const database = usePglite(laterVersion);
  ringCasesContract(() => onDatabase(database()));
  ringDecisionsContract(() => onDatabase(database()));
});

describe('Cases of rings on PostgreSQL', () => {
  const database = usePostgres(500);
  ringCasesContract(() => onDatabase(database()));
  ringDecisionsContract(() => onDatabase(database()));
});
