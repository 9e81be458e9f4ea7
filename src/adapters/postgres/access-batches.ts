import type { AccessBatch, AccessBatches, BatchAccount, BatchCounts } from '../../cases/access-batches.js';
import type { RingMember } from '../../cases/ring-members.js';
import { type Instant, toIso } from '../../model/time.js';
import { type BatchAccountRow, type BatchRow, batchAccountOf, batchOf } from './batch-rows.js';
import type { Database } from './database.js';

const takeSql = `with due as (
    select id from access_batches where state in ('planned', 'undoing') and not_before <= $1::timestamptz
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

const heldSql = `select * from access_batch_accounts
  where batch_id = $1 and result = 'held' order by account_id limit $2`;

const countsSql = `select coalesce(result, 'pending') as name, count(*) as count
  from access_batch_accounts where batch_id = $1 group by 1`;

const saveSql = `update access_batches
  set state = $3, not_before = $4, looks = $5, finished_at = $6, undone_at = $7
  where id = $1 and state = $2`;

const undoSql = `update access_batches set state = 'undoing', not_before = $2, undone_by = $3
  where id = $1 and state in ('planned', 'done')`;

const dateOf = (at: Instant | null): Date | null => (at === null ? null : new Date(at));

/** Batches in PostgreSQL or PGlite; any number of instances may go on with them. */
export class SqlAccessBatches implements AccessBatches {
  constructor(private readonly database: Database) {}

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

  async heldBy(batchId: string, limit: number): Promise<readonly BatchAccount[]> {
    return (await this.database.query<BatchAccountRow>(heldSql, [batchId, limit])).map(batchAccountOf);
  }

  async heldSince(at: Instant): Promise<number> {
    const sql = "select count(*) as count from access_batch_accounts where result = 'held' and at > $1";
    const [row] = await this.database.query<{ count: number }>(sql, [new Date(at)]);
    return row?.count ?? 0;
  }

  async save(batch: AccessBatch, from: AccessBatch['state']): Promise<void> {
    const { id, state, notBefore, looks, finishedAt, undoneAt } = batch;
    const values = [id, from, state, new Date(notBefore), looks, dateOf(finishedAt), dateOf(undoneAt)];
    await this.database.query(saveSql, values);
  }

  async beginUndo(batchId: string, actor: string, now: Instant): Promise<AccessBatch> {
    await this.database.query(undoSql, [batchId, new Date(now), actor]);
    const found = await this.get(batchId);
    if (found === undefined) throw new Error(`there is no batch ${batchId}`);
    return found;
  }
}
