import { randomBytes } from 'node:crypto';
import { describe } from '@jest/globals';
import { MemoryAccessBatches } from '../../src/adapters/memory/access-batches.js';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryGatherings } from '../../src/adapters/memory/gatherings.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { MemoryRescoreSchedule } from '../../src/adapters/memory/rescore-schedule.js';
import { SqlAccessBatches } from '../../src/adapters/postgres/access-batches.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlGatherings } from '../../src/adapters/postgres/gatherings.js';
import { heldWithoutCase } from '../../src/adapters/postgres/held-without-case.js';
import { SqlRescoreSchedule } from '../../src/adapters/postgres/rescore-schedule.js';
import { type IdPrefix, newId as makeId } from '../../src/model/ids.js';
import { allOfCases } from '../support/all-of-cases.js';
import { laterVersion, usePglite, usePostgres } from '../support/test-databases.js';
import { type GatheringWorld, gatheringsContract } from './gatherings.js';
import { ringCasesContract } from './ring-cases.js';
import { ringDecisionsContract } from './ring-decisions.js';

const random = (count: number) => randomBytes(count);
const options = { claimSecret: 'a secret that every instance knows', random };
const newId = (prefix: IdPrefix) => makeId(prefix, Date.now(), random);
/** Far from what a busy machine needs: these tests are about meaning, not time. */
const patient = { deadlineMs: 20_000 };

const putRingSql = `insert into rings (id, root, state, first_seen_at, changed_at) values ($1, $1, 'open', now(), now())
  on conflict do nothing`;
const putMembersSql = `insert into ring_members (account_id, ring_id, joined_at) select m, $1, now() from unnest($2::text[]) m`;

const onDatabase = (database: Database): GatheringWorld => ({
  cases: allOfCases(postgresCaseRecords(database), options),
  log: new SqlDecisionLog(database, patient),
  records: postgresCaseRecords(database),
  batches: new SqlAccessBatches(database),
  schedule: new SqlRescoreSchedule(database, postgresCaseRecords(database), newId),
  gatherings: new SqlGatherings(database),
  async putRing(ringId, accountIds) {
    await database.query(putRingSql, [ringId]);
    await database.query(putMembersSql, [ringId, accountIds]);
  },
  async mergeRing(from, into) {
    await database.query("update rings set root = $2, state = 'merged' where root = $1", [from, into]);
  },
  messages: (subject) =>
    database.query('select kind, payload from outbox where subject = $1 and done_at is null order by id', [subject]),
  stuck: () => heldWithoutCase(database, 1000),
});

describe('Cases of rings in memory', () => {
  const truth = new MemoryTruth();
  const ringOfAccount = new Map<string, string>();
  const names = new Map<string, string>();
  const resolve = (ringId: string) => names.get(ringId);
  const ringOf = (accountId: string) => resolve(ringOfAccount.get(accountId) ?? '');
  const open = (): GatheringWorld => ({
    cases: allOfCases(memoryCaseRecords(truth), options),
    log: new MemoryDecisionLog(truth),
    records: memoryCaseRecords(truth),
    batches: new MemoryAccessBatches(truth),
    schedule: new MemoryRescoreSchedule(truth, newId),
    gatherings: new MemoryGatherings(truth, { ringOf, resolve }),
    async putRing(ringId, accountIds) {
      names.set(ringId, ringId);
      for (const accountId of accountIds) {
        ringOfAccount.set(accountId, ringId);
        truth.freeCases.noteMember(accountId);
      }
    },
    async mergeRing(from, into) {
      for (const [name, root] of names) if (root === from) names.set(name, into);
      truth.freeCases.noteRing(into);
    },
    messages: async (about) => truth.outbox.filter(({ subject }) => subject === about),
    stuck: async () =>
      [...truth.accounts.values()]
        .filter(({ accountId, state }) => state === 'held' && truth.undecidedCaseOf(accountId) === undefined)
        .map(({ accountId }) => accountId),
  });
  ringCasesContract(open);
  gatheringsContract(open);
  ringDecisionsContract(open);
});

describe('Cases of rings on PGlite that a later version has migrated', () => {
  const database = usePglite(laterVersion);
  ringCasesContract(() => onDatabase(database()));
  gatheringsContract(() => onDatabase(database()));
  ringDecisionsContract(() => onDatabase(database()));
});

describe('Cases of rings on PostgreSQL', () => {
  const database = usePostgres(500);
  ringCasesContract(() => onDatabase(database()));
  gatheringsContract(() => onDatabase(database()));
  ringDecisionsContract(() => onDatabase(database()));
});
