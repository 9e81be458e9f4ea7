import type { Instant } from '../../model/time.js';
import type {
  DeliveredItem,
  Outbox,
  OutboxItem,
  OutboxKind,
  OutboxLane,
  OutboxTake,
  Pauses,
} from '../../outbox/outbox.js';
import type { Database } from './database.js';

interface OutboxRow {
  id: number;
  kind: OutboxKind;
  subject: string;
  payload: Record<string, unknown>;
  created_at: Date;
  attempts: number;
}

/** A new account is nobody who was let in: its `from` is null. */
const tightens =
  "kind = 'access_changed' and payload->>'from' in ('admitted', 'limited') and payload->>'to' <> 'admitted'";

/** As the partial indexes say it; what tightens is in that of `access` as well, for instances of an earlier version. */
export const conditionOf: Readonly<Record<OutboxLane, string>> = {
  tightening: tightens,
  access: `kind in ('access_changed', 'account_cleared') and (${tightens}) is not true`,
  others: "kind not in ('access_changed', 'account_cleared')",
};

/** The lease is a later `not_before`: no transaction stays open while something is delivered. */
const takeSql = (lane: OutboxLane): string => `with due as (
    select id from outbox where done_at is null and ${conditionOf[lane]} and not_before <= now()
    order by not_before, id limit $1 for update skip locked
  )
  update outbox o set attempts = o.attempts + 1, not_before = now() + $2 * interval '1 millisecond'
  from due where o.id = due.id
  returning o.id, o.kind, o.subject, o.payload, o.created_at, o.attempts`;

const doneSql = `with done as (
    update outbox set done_at = now() where id = any($1::bigint[]) and done_at is null
    returning id, told_again, (extract(epoch from now() - created_at) * 1000)::float8 as "lagMs"
  ) select id, "lagMs" from done where not told_again`;

/** What is told to Redis; the rest goes outside, or is only for who follows the truth. */
const toldToRedis: readonly OutboxKind[] = [
  'access_changed',
  'account_cleared',
  'case_opened',
  'verification_requested',
  'label_recorded',
  'evidence_recorded',
];

/** By when it was delivered, not by when it was committed: that is when Redis was told. */
const tellAgainSql = `with again as (
    update outbox set done_at = null, told_again = true, attempts = 0, not_before = now()
    where done_at >= $1 and kind = any($2::text[]) returning 1
  ) select count(*)::int as count from again`;

const retrySql = `update outbox
  set not_before = now() + least($3::float8, $2::float8 * power(2, least(attempts, 20) - 1)) * interval '1 millisecond'
  where id = any($1::bigint[]) and done_at is null`;

const deleteSql = `with gone as (
    delete from outbox where done_at < now() - $1 * interval '1 millisecond' returning 1
  ) select count(*) as count from gone`;

const waitingSql = (lane: OutboxLane): string => `select exists (
    select from outbox where done_at is null and ${conditionOf[lane]}
      and created_at < now() - $1::float8 * interval '1 millisecond'
  ) as waiting`;

/** Whoever takes or puts off a message moves its `not_before`: only one that nobody has tried may not be due yet. */
const backlogSql = `select count(*) as count,
    coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as "oldestMs"
  from outbox where done_at is null and (attempts > 0 or not_before <= now())`;

const itemOf = ({ created_at, ...row }: OutboxRow): OutboxItem => ({ ...row, createdAt: created_at.getTime() });

/** Any number of instances may take from it at the same time. */
export class SqlOutbox implements Outbox {
  constructor(private readonly database: Database) {}

  async take({ lane, limit, leaseMs }: OutboxTake): Promise<readonly OutboxItem[]> {
    const rows = await this.database.query<OutboxRow>(takeSql(lane), [limit, leaseMs]);
    return rows.map(itemOf).sort((a, b) => a.id - b.id);
  }

  markDone(ids: readonly number[]): Promise<readonly DeliveredItem[]> {
    return this.database.query<DeliveredItem>(doneSql, [ids]);
  }

  /** What Redis was told since then; returns how many messages. Deliveries are repeats, and counted as none. */
  async tellAgain(since: Instant): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(tellAgainSql, [new Date(since), toldToRedis]);
    return row?.count ?? 0;
  }

  async retryLater(ids: readonly number[], { firstMs, longestMs }: Pauses): Promise<void> {
    await this.database.query(retrySql, [ids, firstMs, longestMs]);
  }

  async deleteDone(olderThanMs: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(deleteSql, [olderThanMs]);
    return row?.count ?? 0;
  }

  async isWaiting(lane: OutboxLane, olderThanMs: number): Promise<boolean> {
    const [row] = await this.database.query<{ waiting: boolean }>(waitingSql(lane), [olderThanMs]);
    return row?.waiting ?? false;
  }

  async backlog(): Promise<{ readonly count: number; readonly oldestMs: number }> {
    const [row] = await this.database.query<{ count: number; oldestMs: number }>(backlogSql);
    return row ?? { count: 0, oldestMs: 0 };
  }
}
