import {
  type CaseChanges,
  type CaseRecords,
  type LimitingDecision,
  type Loaded,
  type NextPick,
  nothingLoaded,
  type Planned,
  type Subject,
} from '../../cases/case-records.js';
import { isLanePick } from '../../cases/fair-lane.js';
import { caseOf } from '../../cases/shown-case.js';
import { listCases } from './case-list.js';
import {
  type AccountRow,
  accountOf,
  type CaseRow,
  caseRecordOf,
  changesJson,
  type EntryRow,
  entryOf,
  type LabelRow,
  labelOf,
  type MemberRow,
  memberOf,
  type VerificationRow,
  verificationOf,
} from './case-rows.js';
import * as sql from './case-statements.js';
import type { Database, Queryable } from './database.js';
import { loadCases, loadMany } from './load-many.js';

/** Accounts and their cases in PostgreSQL or PGlite. */
export function postgresCaseRecords(database: Database): CaseRecords {
  return {
    list: (filter) => listCases(database, filter),
    async get(caseId) {
      const [[row], entries] = await Promise.all([
        database.query<CaseRow>('select * from cases where id = $1', [caseId]),
        database.query<EntryRow>('select at, actor, kind, detail from case_entries where case_id = $1 order by id', [
          caseId,
        ]),
      ]);
      return row && { case: caseOf(caseRecordOf(row)), timeline: entries.map(entryOf) };
    },
    change: (subject, plan) =>
      database.transaction(async (tx) => {
        const loaded = await load(tx, subject);
        return finish(tx, plan(loaded));
      }),
    changeMany: (subject, plan) =>
      again(() => database.transaction(async (tx) => finish(tx, plan(await loadMany(tx, subject))))),
    changeCases: (caseIds, plan) =>
      again(() => database.transaction(async (tx) => finish(tx, plan(await loadCases(tx, caseIds))))),
    async membersLeft(caseId, which, { limit, after }) {
      const rows = await database.query<{ account_id: string }>(sql.membersLeft[which], [caseId, limit, after ?? '']);
      return rows.map(({ account_id }) => account_id);
    },
    changeNext: (pick, plan) =>
      database.transaction(async (tx) => {
        const row = await lockNext(tx, pick);
        return row && finish(tx, plan(caseRecordOf(row)));
      }),
    async unbreached(now, limit) {
      const rows = await database.query<{ id: string }>(sql.unbreached, [new Date(now), limit]);
      return rows.map(({ id }) => id);
    },
    async dueApprovals(now, limit) {
      const rows = await database.query<{ id: string }>(sql.dueApprovals, [new Date(now), limit]);
      return rows.map(({ id }) => id);
    },
  };
}

/** Picks are counted over all instances, whether or not a case is found. */
async function lockNext(tx: Queryable, { now, actor, isSenior }: NextPick): Promise<CaseRow | undefined> {
  const [count] = await tx.query<{ pick: number }>("select nextval('case_picks') as pick");
  const parameters = [new Date(now), actor, isSenior];
  if (count !== undefined && isLanePick(count.pick)) {
    const [row] = await tx.query<CaseRow>(sql.lockNextOfLane, parameters);
    if (row !== undefined) return row;
  }
  const [row] = await tx.query<CaseRow>(sql.lockNextCase, parameters);
  return row;
}

const attempts = 3;

/** Two that open the case of one ring at the same time: the second finds it when it looks again. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isRace = error instanceof Error && 'code' in error && (error.code === '23505' || error.code === '40P01');
      if (!isRace || attempt === attempts) throw error;
    }
  }
}

async function finish<T>(tx: Queryable, { answer, changes }: Planned<T>): Promise<T> {
  if (changes !== undefined) await write(tx, changes);
  return answer;
}

async function write(tx: Queryable, changes: CaseChanges): Promise<void> {
  for (const source of new Set(changes.withdrawnLabels.map((one) => one.source))) {
    const of = changes.withdrawnLabels.filter((one) => one.source === source);
    await tx.query(sql.withdrawLabels, [of.map(({ accountId }) => accountId), source]);
  }
  await tx.query(sql.writeChanges, [changesJson(changes)]);
}

async function load(tx: Queryable, subject: Subject): Promise<Loaded> {
  const accountId = 'accountId' in subject ? subject.accountId : await accountOfCase(tx, subject.caseId);
  if (accountId === undefined) return nothingLoaded;
  const verificationId = 'accountId' in subject ? subject.verificationId : undefined;
  const isIdOfAnother = verificationId !== undefined && (await isUsedByAnother(tx, verificationId, accountId));
  const [account] = await tx.query<AccountRow>(sql.lockAccount, [accountId]);
  const [found] =
    'caseId' in subject
      ? await tx.query<CaseRow>(sql.lockCase, [subject.caseId])
      : await tx.query<CaseRow>(sql.lockCaseOfAccount, [accountId]);
  const verifications = await tx.query<VerificationRow>(
    'select * from verifications where account_id = $1 order by requested_at, id',
    [accountId],
  );
  const labels = await tx.query<LabelRow>('select * from labels where account_id = $1 order by id', [accountId]);
  const ring = found?.whole_ring === true ? found.ring_id : null;
  const others = found === undefined ? [] : await tx.query(sql.otherUndecided, [accountId, found.id, ring]);
  const [member] =
    ring === null ? [] : await tx.query<MemberRow & { is_last: boolean }>(sql.memberOfCase, [accountId, found?.id]);
  const until = found?.decided_at ?? endOfTime;
  const hits = await tx.query<{ rule: string }>(sql.hitRules, [accountId, found?.opened_at ?? new Date(0), until]);
  return {
    account: account && accountOf(account),
    case: found && caseRecordOf(found),
    member: member && memberOf(member),
    isLastMember: member?.is_last,
    hasOtherUndecided: others.length > 0,
    verifications: verifications.map(verificationOf),
    isIdOfAnother,
    labels: labels.map(labelOf),
    hitRules: hits.map(({ rule }) => rule),
    lastDecision: 'accountId' in subject ? await lastDecisionOf(tx, accountId) : undefined,
    limits: account?.state === 'limited' ? await tx.query<LimitingDecision>(sql.limits, [accountId]) : [],
  };
}

async function lastDecisionOf(tx: Queryable, accountId: string): Promise<Loaded['lastDecision']> {
  const [row] = await tx.query<{ id: string; ring_id: string | null }>(sql.lastDecision, [accountId]);
  return row && { id: row.id, ringId: row.ring_id };
}

/** Whoever comes with the same id waits here until this one has written. */
async function isUsedByAnother(tx: Queryable, verificationId: string, accountId: string): Promise<boolean> {
  await tx.query(sql.lockVerificationId, [verificationId]);
  return (await tx.query(sql.verificationOfAnother, [verificationId, accountId])).length > 0;
}

/** Without a lock: an account's lock comes before its case's, and a case never changes its account. */
async function accountOfCase(tx: Queryable, caseId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ account_id: string }>('select account_id from cases where id = $1', [caseId]);
  return row?.account_id;
}

const endOfTime = new Date('9999-12-31T00:00:00Z');
