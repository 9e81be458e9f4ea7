import { judgedAgainKind, rescoreAccount } from '../../accounts/rescore-account.js';
import type { CaseRecords } from '../../cases/case-records.js';
import type { Rescored } from '../../decisions/judged-again.js';
import type { ProvisionalAccess, RescoreQueue } from '../../evaluate/rescore-queue.js';
import type { AccessState } from '../../model/access.js';
import type { EventType } from '../../model/event-type.js';
import type { IdPrefix } from '../../model/ids.js';
import type { RingTrace } from '../../model/ring.js';
import type { Instant } from '../../model/time.js';
import type { Database } from './database.js';

interface PendingRow {
  account_id: string;
  version: number;
  event_id: string;
  type: EventType;
  occurred_at: Date;
  sealed: string;
  salt: string | null;
  floor: AccessState;
  tightens_from: AccessState | null;
  others: OtherRow[];
}

interface OtherRow {
  event_id: string;
  type: EventType;
  /** Epoch milliseconds. */
  occurred_at: number;
  sealed: string;
  salt: string;
}

/** Of each decision `o`: it missed an input. */
const isBlind = `o.answer->'degraded' @? '$[*] ? (@ like_regex "_unavailable$")'`;
/** Uses of a key, which can be very many, come last. */
const mostOthers = 50;
/** A decision that nobody has made again for so long has been overtaken by what the account did since. */
const othersWithin = "interval '2 days'";

const othersSql = `select jsonb_agg(jsonb_build_object('event_id', o.event_id, 'type', o.type,
      'occurred_at', floor(extract(epoch from o.occurred_at) * 1000), 'sealed', o.sealed, 'salt', o.salt)
      order by o.occurred_at, o.id)
    from (
      select o.id, o.event_id, o.type, o.occurred_at, o.sealed, t.salt
      from decisions o join envelope_salts t on t.event_id = o.event_id
      where o.account_id = a.account_id and o.event_id <> d.event_id and ${isBlind}
        and o.decided_at > d.decided_at - ${othersWithin}
        and not exists (select from audit j where j.subject = o.account_id and j.kind = '${judgedAgainKind}'
          and j.detail->>'event_id' = o.event_id)
      order by o.type = 'api_key_used', o.id desc limit ${mostOthers}
    ) o`;

/**
 * The floor: the account's other decisions that missed nothing, but never stricter than what holds now; admitted where
 * there is none (`least` alone would pass over the null, and the account would stay what it is).
 */
const pendingSql = `select a.account_id, a.version, d.event_id, d.type, d.occurred_at, d.sealed, s.salt,
    (select (array['admitted', 'limited', 'held', 'denied'])[least(access_rank(a.state), coalesce(max(
        array_position(array['allow', 'limit', 'hold', 'deny'], o.outcome)), 1))]
      from decisions o
      where o.account_id = a.account_id and o.event_id <> d.event_id
        and not ${isBlind}) as floor,
    case when not d.answer->'degraded' @? '$[*] ? (@ like_regex "_unavailable$")' then a.state end as tightens_from,
    coalesce((${othersSql}), '[]'::jsonb) as others
  from accounts a
  join decisions d on d.event_id = a.rescore_event_id
  left join envelope_salts s on s.event_id = d.event_id
  where a.rescore_event_id is not null
  order by (a.rescore_tried_at is not null), coalesce(a.rescore_tried_at, a.changed_at) limit $1`;

/** Locks are taken in the order in which commits take them. */
const behindSql = `with locked as materialized (
    select account_id from accounts where account_id = any($1::text[]) and rescore_event_id is not null
    order by account_id for update
  )
  update accounts a set rescore_tried_at = now()
  from locked l where a.account_id = l.account_id`;

/** Whoever comes free is judged again on schedule, from its first event on: its probation has an end, long ago in an import. */
const scheduleSql = `insert into rescores (account_id, due_at, not_before)
  select account_id, first_seen_at, first_seen_at from accounts where account_id = $1 and state in ('admitted', 'limited')
  on conflict (account_id) do nothing`;

/**
 * Read by the ring worker as what a verification showed is: the row of the decision, which it may have read, stays as it is.
 * $1: event, $2: trace, $3: when the account is to be judged again.
 */
const shareSql = `with shared as (
    insert into evidence_traces (id, account_id, at, trace)
    select 'again:' || d.id, d.account_id, d.occurred_at, $2::jsonb from decisions d
    where d.event_id = $1 and d.trace is distinct from $2::jsonb
    on conflict (id) do nothing
    returning account_id
  )
  insert into rescores (account_id, due_at, not_before)
  select s.account_id, $3, $3 from shared s
  on conflict (account_id) do update set due_at = excluded.due_at, not_before = excluded.not_before
  where rescores.due_at > excluded.due_at`;
/** The ring worker is a moment behind; others that were blind at the same time are in their rings by then, too. */
const sharedAgainMs = 10_000;

const doneSql = `update accounts set rescore_event_id = null, rescore_tried_at = null
  where account_id = $1 and rescore_event_id = $2`;

/** One instance at a time; whoever dies with the lease is followed after this time. */
const leaseSeconds = 30;
const leaseSql = `insert into meta (key, value)
  values ('rescore_lease', $1 || ' ' || (extract(epoch from now()) + ${leaseSeconds})::text)
  on conflict (key) do update set value = excluded.value
  where split_part(meta.value, ' ', 1) = $1 or split_part(meta.value, ' ', 2)::float8 < extract(epoch from now())
  returning key`;
const releaseSql = `delete from meta where key = 'rescore_lease' and split_part(value, ' ', 1) = $1`;

const pendingOf = (row: PendingRow): ProvisionalAccess => ({
  accountId: row.account_id,
  version: row.version,
  eventId: row.event_id,
  type: row.type,
  occurredAt: row.occurred_at.getTime(),
  sealed: row.sealed,
  salt: row.salt ?? '',
  floor: row.floor,
  tightensFrom: row.tightens_from ?? undefined,
  others: row.others.map(({ event_id, occurred_at, ...other }) => ({
    ...other,
    eventId: event_id,
    occurredAt: occurred_at,
  })),
});

export class SqlRescoreQueue implements RescoreQueue {
  /** Differs for every instance. */
  private readonly owner: string;
  private mayHoldLease = false;

  constructor(
    private readonly database: Database,
    private readonly records: CaseRecords,
    private readonly newId: (prefix: IdPrefix) => string,
  ) {
    this.owner = newId('lease');
  }

  async pending(limit: number): Promise<readonly ProvisionalAccess[]> {
    if ((await this.read(1)).length === 0) return [];
    this.mayHoldLease = true;
    if ((await this.database.query(leaseSql, [this.owner])).length === 0) return [];
    // After the lease: what another has settled before it gave the lease back is not done again.
    return (await this.read(limit)).map(pendingOf);
  }

  async putBehind(accountIds: readonly string[]): Promise<void> {
    await this.database.query(behindSql, [accountIds]);
  }

  async release(): Promise<void> {
    if (!this.mayHoldLease) return;
    await this.database.query(releaseSql, [this.owner]);
    this.mayHoldLease = false;
  }

  async share({ eventId }: Pick<ProvisionalAccess, 'eventId'>, trace: RingTrace, now: Instant): Promise<void> {
    await this.database.query(shareSql, [eventId, JSON.stringify(trace), new Date(now + sharedAgainMs)]);
  }

  /** Access first: when we die in between, the same rescoring finds the account as it should be, and changes nothing. */
  async settle(pending: Pick<ProvisionalAccess, 'accountId' | 'eventId'>, rescored: Rescored): Promise<boolean> {
    const changed = await rescoreAccount(this.records, rescored, this.newId);
    if (changed) await this.database.query(scheduleSql, [pending.accountId]);
    await this.giveUp(pending.accountId, pending.eventId);
    return changed;
  }

  private read(limit: number): Promise<PendingRow[]> {
    return this.database.query<PendingRow>(pendingSql, [limit]);
  }

  async giveUp(accountId: string, eventId: string): Promise<void> {
    await this.database.query(doneSql, [accountId, eventId]);
  }
}
