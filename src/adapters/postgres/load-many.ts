import type { BatchResult } from '../../cases/access-batch.js';
import type { LoadedCase, LoadedMany, LoadedOne, ManySubject } from '../../cases/case-records.js';
import type { Instant } from '../../model/time.js';
import { type BatchRow, batchOf } from './batch-rows.js';
import {
  type AccountRow,
  accountOf,
  type CaseRow,
  caseRecordOf,
  type LabelRow,
  labelOf,
  type MemberRow,
  memberOf,
  type VerificationRow,
  verificationOf,
} from './case-rows.js';
import * as sql from './case-statements.js';
import type { Queryable } from './database.js';

const batchById = 'select * from access_batches where id = $1 for update';
const batchOfRing = "select * from access_batches where ring_id = $1 and kind = 'retro_hold' for update";
/** $1: a ring that may have no batch yet, so that there is no row to lock. */
const lockRing = "select pg_advisory_xact_lock(hashtextextended('ring:' || $1, 0))";

/** One for all: who has counted what is held writes before the next one counts. */
const lockBudget = "select pg_advisory_xact_lock(hashtextextended('retro-hold budget', 0))";

/** Locks the budget, the batch, the accounts in order of their ids, then the ring's case; what they protect is read after. */
export async function loadMany(
  tx: Queryable,
  { accountIds, ringCase, batch: asked, heldSince }: ManySubject,
): Promise<LoadedMany> {
  const held = heldSince === undefined ? undefined : await countHeld(tx, heldSince);
  const batch = await lockBatch(tx, asked);
  const results = await loadResults(tx, accountIds, batch?.id);
  const accounts = accountIds.length === 0 ? [] : await tx.query<AccountRow>(sql.lockAccounts, [accountIds]);
  const found = await lockRingCase(tx, ringCase);
  const [others] = found === undefined ? [] : await tx.query(sql.otherMembers, [accountIds, found.id]);
  const related = await loadRelated(tx, {
    ids: accounts.map(({ account_id }) => account_id),
    caseId: found?.id,
    batchId: batch?.id,
  });
  return {
    batch: batch && batchOf(batch),
    ringCase: found && caseRecordOf(found),
    results,
    hasOtherMembers: others !== undefined,
    accounts: accounts.map((row) => ({ account: accountOf(row), ...related(row.account_id) })),
    heldSince: held,
  };
}

async function countHeld(tx: Queryable, since: Instant): Promise<number> {
  await tx.query(lockBudget, []);
  const [row] = await tx.query<{ count: number }>(sql.heldSince, [new Date(since)]);
  return row?.count ?? 0;
}

/** Locks the accounts in order of their ids, then the cases in that of theirs. */
export async function loadCases(tx: Queryable, caseIds: readonly string[]): Promise<ReadonlyMap<string, LoadedCase>> {
  // Without a lock: a case never changes its account.
  const owners = await tx.query<{ account_id: string }>(sql.accountsOfCases, [caseIds]);
  const ids = owners.map(({ account_id }) => account_id);
  const accounts = await tx.query<AccountRow>(sql.lockAccounts, [ids]);
  const cases = await tx.query<CaseRow>(sql.lockCases, [caseIds]);
  const verifications = await tx.query<VerificationRow>(sql.verificationsAmong, [ids]);
  const labels = await tx.query<LabelRow>(sql.labelsAmong, [ids]);
  const accountOfId = new Map(accounts.map((row) => [row.account_id, accountOf(row)]));
  const verificationsOf = groupBy(verifications, ({ account_id }) => account_id);
  const labelsOf = groupBy(labels, ({ account_id }) => account_id);
  return new Map(
    cases.map((row) => {
      const { id, account_id: owner } = row;
      const loaded = {
        case: caseRecordOf(row),
        account: accountOfId.get(owner),
        verifications: (verificationsOf.get(owner) ?? []).map(verificationOf),
        labels: (labelsOf.get(owner) ?? []).map(labelOf),
      };
      return [id, loaded];
    }),
  );
}

async function loadResults(
  tx: Queryable,
  accountIds: readonly string[],
  batchId: string | undefined,
): Promise<LoadedMany['results']> {
  const rows =
    batchId === undefined
      ? []
      : await tx.query<{ account_id: string; result: BatchResult | null }>(sql.batchResults, [accountIds, batchId]);
  return new Map(rows.map(({ account_id, result }) => [account_id, result]));
}

async function lockBatch(tx: Queryable, asked: ManySubject['batch']): Promise<BatchRow | undefined> {
  if (asked === undefined) return undefined;
  if ('batchId' in asked) return (await tx.query<BatchRow>(batchById, [asked.batchId]))[0];
  // Of several that find a ring out there is one that is first.
  await tx.query(lockRing, [asked.ringId]);
  return (await tx.query<BatchRow>(batchOfRing, [asked.ringId]))[0];
}

async function lockRingCase(tx: Queryable, asked: ManySubject['ringCase']): Promise<CaseRow | undefined> {
  if (asked === undefined) return undefined;
  const [row] =
    'caseId' in asked
      ? await tx.query<CaseRow>(sql.lockCase, [asked.caseId])
      : await tx.query<CaseRow>(sql.lockRingCase, [asked.ringId]);
  return row;
}

interface Relating {
  readonly ids: readonly string[];
  readonly caseId: string | undefined;
  readonly batchId: string | undefined;
}

async function loadRelated(
  tx: Queryable,
  { ids, caseId, batchId }: Relating,
): Promise<(accountId: string) => Omit<LoadedOne, 'account'>> {
  const some = ids.length > 0;
  const cases = some ? await tx.query<CaseRow & { of_account: string }>(sql.unappliedAmong, [ids]) : [];
  const members = some && caseId !== undefined ? await tx.query<MemberRow>(sql.membersAmong, [ids, caseId]) : [];
  const closed = some && batchId !== undefined ? await tx.query<CaseRow>(sql.closedByBatch, [ids, batchId]) : [];
  const labels = some ? await tx.query<LabelRow>(sql.labelsAmong, [ids]) : [];
  const hits = some ? await tx.query<{ account_id: string; rule: string }>(sql.hitRulesAmong, [ids]) : [];
  // An undecided case counts before one that is about to be approved.
  const inOrder = [...cases].sort((a, b) => Number(b.state === 'decided') - Number(a.state === 'decided'));
  const caseOfAccount = new Map(inOrder.map((row) => [row.of_account, caseRecordOf(row)]));
  const closedOfAccount = new Map(closed.map((row) => [row.account_id, caseRecordOf(row)]));
  const memberOfAccount = new Map(members.map((row) => [row.account_id, memberOf(row)]));
  const labelsOf = groupBy(labels, ({ account_id }) => account_id);
  const rulesOf = groupBy(hits, ({ account_id }) => account_id);
  return (accountId) => ({
    case: caseOfAccount.get(accountId),
    closed: closedOfAccount.get(accountId),
    member: memberOfAccount.get(accountId),
    labels: (labelsOf.get(accountId) ?? []).map(labelOf),
    hitRules: (rulesOf.get(accountId) ?? []).map(({ rule }) => rule),
  });
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
