import { caseCursorOf, descends, parseCaseCursor } from '../../cases/case-cursor.js';
import { caseOf } from '../../cases/case-draft.js';
import type { CaseChanges, CaseRecords, Loaded, Planned, Subject } from '../../cases/case-records.js';
import type { CaseFilter, CasePage, CaseStore } from '../../cases/case-store.js';
import type { CaseRepair } from '../../cases/case-upkeep.js';
import { type CaseStoreOptions, createCaseStore } from '../../cases/create-case-store.js';
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
import { loadMany } from './load-many.js';

/** The queue in PostgreSQL or PGlite. */
export function createPostgresCaseStore(database: Database, options: CaseStoreOptions): CaseStore & CaseRepair {
  return createCaseStore(postgresCaseRecords(database), options);
}

export function postgresCaseRecords(database: Database): CaseRecords {
  return {
    list: (filter) => pageOf(database, filter),
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
    async membersLeft(caseId, which, limit) {
      const rows = await database.query<{ account_id: string }>(sql.membersLeft[which], [caseId, limit]);
      return rows.map(({ account_id }) => account_id);
    },
    changeNext: (now, plan) =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<CaseRow>(sql.lockNextCase, [new Date(now)]);
        return row && finish(tx, plan(caseRecordOf(row)));
      }),
    async dueApprovals(now, limit) {
      const rows = await database.query<{ id: string }>(sql.dueApprovals, [new Date(now), limit]);
      return rows.map(({ id }) => id);
    },
  };
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
  if (accountId === undefined) return nothing;
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
    labels: labels.map(labelOf),
    hitRules: hits.map(({ rule }) => rule),
  };
}

/** Without a lock: an account's lock comes before its case's, and a case never changes its account. */
async function accountOfCase(tx: Queryable, caseId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ account_id: string }>('select account_id from cases where id = $1', [caseId]);
  return row?.account_id;
}

const nothing: Loaded = {
  account: undefined,
  case: undefined,
  hasOtherUndecided: false,
  verifications: [],
  labels: [],
  hitRules: [],
};

const endOfTime = new Date('9999-12-31T00:00:00Z');

const sortColumns = { priority: 'priority', opened_at: 'opened_at', due_at: 'due_at' } as const;

async function pageOf(database: Database, filter: CaseFilter): Promise<CasePage> {
  const { where, parameters } = conditionsOf(filter);
  const order = `${sortColumns[filter.sort]} ${descends(filter.sort) ? 'desc' : 'asc'}, id`;
  const rows = await database.query<CaseRow>(
    `select * from cases where ${where} order by ${order} limit $${parameters.length + 1}`,
    [...parameters, filter.limit + 1],
  );
  const page = rows.slice(0, filter.limit).map(caseRecordOf);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  const value = { priority: last?.priority, opened_at: last?.openedAt, due_at: last?.dueAt }[filter.sort] ?? 0;
  return { cases: page.map(caseOf), nextCursor: more ? caseCursorOf({ value, id: last.id }) : null };
}

function conditionsOf(filter: CaseFilter): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const place = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = ['true'];
  const equal = { state: filter.state, reason: filter.reason, ring_id: filter.ring };
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) conditions.push(`${column} = ${place(value)}`);
  }
  if (filter.accountId !== undefined) {
    const id = place(filter.accountId);
    conditions.push(`(account_id = ${id} or id in (select case_id from case_accounts where account_id = ${id}))`);
  }
  const after = parseCaseCursor(filter.cursor);
  if (after === undefined) return { where: conditions.join(' and '), parameters };
  const column = sortColumns[filter.sort];
  const value = filter.sort === 'priority' ? `${place(after.value)}::real` : place(new Date(after.value));
  const id = place(after.id);
  const beyond = descends(filter.sort) ? '<' : '>';
  conditions.push(`(${column} ${beyond} ${value} or (${column} = ${value} and id > ${id}))`);
  return { where: conditions.join(' and '), parameters };
}
