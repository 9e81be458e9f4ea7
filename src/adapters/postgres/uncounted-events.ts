import type { PastEvent } from '../../evaluate/event-history.js';
import type { BlindSpan, DecisionPlace, UncountedEvents } from '../../evaluate/uncounted-events.js';
import type { Instant } from '../../model/time.js';
import type { Queryable } from './database.js';
import { type PastRow, pastOf } from './event-history.js';

interface PlaceRow {
  id: string;
  decided_at: Date;
}

/** An id that another decision had taken, and an account that was erased, leave nothing that could be opened. */
const waitingSql = `select u.decision_id as id, coalesce(d.event_id, '') as event_id, coalesce(d.account_id, '') as account_id,
    coalesce(d.type, 'signup') as type, coalesce(d.occurred_at, u.decided_at) as occurred_at,
    coalesce(d.sealed, '') as sealed, coalesce(s.salt, '') as salt
  from (
    select decision_id, decided_at from uncounted_events where counted_at is null order by noted_at limit $1
  ) u
  left join decisions d on d.id = u.decision_id
  left join envelope_salts s on s.event_id = d.event_id
  order by 5, 1`;

/** A decision is made this much after it has read its counts at most, and is committed or given up this much later. */
const spanSql = `select min(decided_at) - interval '1 second' as "from", max(counted_at) as "to" from uncounted_events
  where counted_at < now() - interval '1.5 seconds'
  having count(*) > 0`;

/** Locks are taken in the order in which commits take them. */
const judgeAgainSql = `with page as materialized (
    select id, decided_at, account_id, event_id, answer->'degraded' ? 'velocity_unavailable' as is_known from decisions
    where decided_at >= $1 and (decided_at, id) > ($1, $2) and decided_at <= $3::timestamptz + interval '1 second'
    order by decided_at, id limit $4
  ),
  latest as (
    select distinct on (account_id) account_id, event_id from page where not is_known
    order by account_id, decided_at desc, id desc
  ),
  locked as materialized (
    select a.account_id from accounts a
    where a.account_id in (select account_id from latest) and a.rescore_event_id is null
      and a.state in ('admitted', 'limited') and a.cause in ('decision', 'rescore')
    order by a.account_id for update
  ),
  marked as (
    update accounts a set rescore_event_id = l.event_id from latest l join locked k on k.account_id = l.account_id
    where a.account_id = l.account_id
  )
  select id, decided_at from page order by decided_at desc, id desc limit 1`;
const decisionsAtOnce = 500;

const countAgainSql = `with again as (
    insert into uncounted_events (decision_id, decided_at)
    select id, decided_at from decisions where decided_at >= $1 order by id
    on conflict (decision_id) do update set counted_at = null, noted_at = now() returning 1
  ) select count(*)::int as count from again`;

export class SqlUncountedEvents implements UncountedEvents {
  constructor(private readonly database: Queryable) {}

  async waitingMs(): Promise<number | undefined> {
    const sql = `select (extract(epoch from now() - min(noted_at)) * 1000)::float8 as ms
      from uncounted_events where counted_at is null`;
    const [row] = await this.database.query<{ ms: number | null }>(sql);
    return row?.ms ?? undefined;
  }

  async waiting(limit: number): Promise<readonly PastEvent[]> {
    return (await this.database.query<PastRow>(waitingSql, [limit])).map(pastOf);
  }

  async counted(decisionIds: readonly string[]): Promise<void> {
    const sql = `update uncounted_events set counted_at = now() where decision_id = any($1::text[]) and counted_at is null`;
    await this.database.query(sql, [decisionIds]);
  }

  /** Events decided since then are to be counted, and who was decided since judged again; returns how many. */
  async countAgain(since: Instant): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(countAgainSql, [new Date(since)]);
    return row?.count ?? 0;
  }

  /** As an event of that time that has just been counted. */
  async noteSpan(from: Instant): Promise<void> {
    const sql = `insert into uncounted_events (decision_id, decided_at, counted_at)
      values ('until ' || clock_timestamp()::text, $1, now()) on conflict (decision_id) do nothing`;
    await this.database.query(sql, [new Date(from)]);
  }

  async span(): Promise<BlindSpan | undefined> {
    const [row] = await this.database.query<{ from: Date; to: Date }>(spanSql);
    return row && { from: row.from.getTime(), to: row.to.getTime() };
  }

  async judgeAgain({ from, to }: BlindSpan, after: DecisionPlace | undefined): Promise<DecisionPlace | undefined> {
    const place = [new Date(after?.decidedAt ?? from), after?.decisionId ?? ''];
    const [last] = await this.database.query<PlaceRow>(judgeAgainSql, [...place, new Date(to), decisionsAtOnce]);
    return last && { decidedAt: last.decided_at.getTime(), decisionId: last.id };
  }

  async forget({ to }: BlindSpan): Promise<void> {
    // A time of ours has milliseconds, the database's microseconds.
    await this.database.query(
      "delete from uncounted_events where counted_at < $1::timestamptz + interval '1 millisecond'",
      [new Date(to)],
    );
  }
}
