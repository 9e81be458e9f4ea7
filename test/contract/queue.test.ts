import { randomBytes } from 'node:crypto';
import { describe } from '@jest/globals';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlQueueFigures } from '../../src/adapters/postgres/queue-figures.js';
import { allOfCases } from '../support/all-of-cases.js';
import { usePglite, usePostgres } from '../support/test-databases.js';
import { type QueueWorld, queueContract } from './queue.js';
import { queuePlansContract } from './queue-plans.js';
import { sampledMembersContract } from './sampled-members.js';

const options = { claimSecret: 'a secret that every instance knows', random: (count: number) => randomBytes(count) };

const onDatabase = (database: Database): QueueWorld => ({
  cases: allOfCases(postgresCaseRecords(database), options),
  records: postgresCaseRecords(database),
  log: new SqlDecisionLog(database, { deadlineMs: 20_000 }),
  messages: (subject) =>
    database.query('select kind from outbox where subject = $1 and done_at is null order by id', [subject]),
});

describe('the queue in memory', () => {
  const truth = new MemoryTruth();
  queueContract(() => ({
    cases: allOfCases(memoryCaseRecords(truth), options),
    records: memoryCaseRecords(truth),
    log: new MemoryDecisionLog(truth),
    messages: async (about) => truth.outbox.filter(({ subject }) => subject === about),
  }));
});

describe('the queue on PGlite', () => {
  const database = usePglite();
  queueContract(
    () => onDatabase(database()),
    () => new SqlQueueFigures(database()),
  );
  sampledMembersContract(database);
});

describe('the queue on PostgreSQL', () => {
  const database = usePostgres(50);
  queueContract(
    () => onDatabase(database()),
    () => new SqlQueueFigures(database()),
  );
  sampledMembersContract(database);
  describe('with 50,000 cases', () => queuePlansContract(database));
});
