import type { AccessBatch, BatchAccount, BatchState } from '../../cases/access-batch.js';
import { type Instant, toIso } from '../../model/time.js';
import {
  type AccessBatches,
  type BatchAudit,
  type BatchCounts,
  type FailedAccount,
  failureReasons,
  isRingDecision,
  type RingDecision,
} from '../../ring-decisions/access-batches.js';
import type { RingMember } from '../../ring-decisions/ring-members.js';
import { type BatchAccountRow, type BatchRow, batchAccountOf, batchOf } from './batch-rows.js';
import { heldSince } from './case-statements.js';
import type { Database } from './database.js';

const takeSql = `with due as (
    select id from access_batches where state in ('awaiting_second', 'planned', 'undoing') and not_before <= $1::timestamptz
    order by not_before limit $2 for update skip locked
  )
  update access_batches b set not_before = $1::timestamptz + $3 * interval '1 millisecond'
  from due where b.id = due.id
  returning b.*`;

const planSql = `insert into access_batch_accounts (batch_id, account_id, joined_at)
  select $1, m.account_id, m.joined_at from jsonb_to_recordset($2::jsonb) as m(account_id text, joined_at timestamptz)
  on conflict (batch_id, account_id) do nothing`;

const pendingSql = `select account_id from access_batch_accounts
  where batch_id = $1 and result is null order by joined_at desc, account_id limit $2`;

/** Each with an index of its own. */
const accountsSql = {
  held: "select * from access_batch_accounts where batch_id = $1 and result = 'held' order by account_id limit $2",
  joined: "select * from access_batch_accounts where batch_id = $1 and result = 'joined' order by account_id limit $2",
  changed:
    "select * from access_batch_accounts where batch_id = $1 and result = 'changed' order by account_id limit $2",
} as const;

const failedSql = `select account_id as "accountId", result from access_batch_accounts
  where batch_id = $1 and result = any($3::text[]) order by account_id limit $2`;

const createSql = `with made as (
    insert into access_batches (id, kind, ring_id, state, created_at, not_before, decision, reason, label, actor, second_actor,
      exclude, case_id)
    values ($1, 'ring_decision', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict do nothing returning id
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select $13::timestamptz, $14, $15, $16, $17::jsonb from made
  )
  select id from made`;

const ofRingSql = `select * from access_batches
  where kind = 'ring_decision' and ring_id in (
    select $1::text union select id from rings where root = (select root from rings where id = $1)
  )
  order by created_at desc, id desc limit $2`;

const ofCaseSql = `select * from access_batches
  where kind = 'ring_decision' and case_id = $1 and state in ('planned', 'done') order by created_at desc limit 1`;

const countsSql = `select coalesce(result, 'pending') as name, count(*) as count
  from access_batch_accounts where batch_id = $1 group by 1`;

const saveSql = `update access_batches
  set state = $3, not_before = $4, looks = $5, finished_at = $6, undone_at = $7, second_actor = $8, case_id = $9
  where id = $1 and state = $2
  returning id`;

const undoSql = `update access_batches set state = 'undoing', not_before = $2, undone_by = $3
  where id = $1 and state in ('awaiting_second', 'planned', 'done')`;

const dateOf = (at: Instant | null): Date | null => (at === null ? null : new Date(at));

/** Batches in PostgreSQL or PGlite; any number of instances may go on with them. */
export class SqlAccessBatches implements AccessBatches {
  constructor(private readonly database: Database) {}

  async create({ order, ...batch }: RingDecision, audit: BatchAudit): Promise<boolean> {
    const { id, ringId, state, createdAt, notBefore } = batch;
    const { decision, reason, label, actor, second, exclude, caseId } = order;
    const made = await this.database.query(createSql, [
      ...[id, ringId, state, new Date(createdAt), new Date(notBefore), decision, reason, label, actor, second],
      ...[exclude, caseId, new Date(audit.at), audit.actor, audit.kind, audit.subject, JSON.stringify(audit.detail)],
    ]);
    return made.length > 0;
  }

  async ofRing(ringId: string, limit: number): Promise<readonly RingDecision[]> {
    return (await this.database.query<BatchRow>(ofRingSql, [ringId, limit])).map(batchOf).filter(isRingDecision);
  }

  async ofCase(caseId: string): Promise<RingDecision | undefined> {
    return (await this.database.query<BatchRow>(ofCaseSql, [caseId])).map(batchOf).find(isRingDecision);
  }

  async get(batchId: string): Promise<AccessBatch | undefined> {
    const [row] = await this.database.query<BatchRow>('select * from access_batches where id = $1', [batchId]);
    return row && batchOf(row);
  }

  async countsOf(batchId: string): Promise<BatchCounts> {
    const rows = await this.database.query<{ name: string; count: number }>(countsSql, [batchId]);
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  async takeDue(now: Instant, limit: number, leaseMs: number): Promise<readonly AccessBatch[]> {
    const rows = await this.database.query<BatchRow>(takeSql, [new Date(now), limit, leaseMs]);
    return rows.map(batchOf);
  }

  async plan(batchId: string, members: readonly RingMember[]): Promise<void> {
    const rows = members.map(({ accountId, joinedAt }) => ({ account_id: accountId, joined_at: toIso(joinedAt) }));
    await this.database.query(planSql, [batchId, JSON.stringify(rows)]);
  }

  async pending(batchId: string, limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ account_id: string }>(pendingSql, [batchId, limit]);
    return rows.map(({ account_id }) => account_id);
  }

  async accountsWith(
    batchId: string,
    result: keyof typeof accountsSql,
    limit: number,
  ): Promise<readonly BatchAccount[]> {
    return (await this.database.query<BatchAccountRow>(accountsSql[result], [batchId, limit])).map(batchAccountOf);
  }

  async failed(batchId: string, limit: number): Promise<readonly FailedAccount[]> {
    return this.database.query<{ accountId: string; result: FailedAccount['result'] }>(failedSql, [
      batchId,
      limit,
      Object.keys(failureReasons),
    ]);
  }

  async heldSince(at: Instant): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(heldSince, [new Date(at)]);
    return row?.count ?? 0;
  }

  async save(batch: AccessBatch, from: BatchState): Promise<boolean> {
    const { id, state, notBefore, looks, finishedAt, undoneAt, order } = batch;
    const values = [id, from, state, new Date(notBefore), looks, dateOf(finishedAt), dateOf(undoneAt)];
    const ordered = [order?.second ?? null, order?.caseId ?? null];
    return (await this.database.query(saveSql, [...values, ...ordered])).length > 0;
  }

  async beginUndo(batchId: string, actor: string, now: Instant): Promise<AccessBatch> {
    await this.database.query(undoSql, [batchId, new Date(now), actor]);
    const found = await this.get(batchId);
    if (found === undefined) throw new Error(`there is no batch ${batchId}`);
    return found;
  }
}
