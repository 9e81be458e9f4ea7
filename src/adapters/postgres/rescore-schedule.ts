import { applyRescore } from '../../accounts/apply-rescore.js';
import type { CaseRecords } from '../../cases/case-records.js';
import type { JudgedAgain } from '../../decisions/judged-again.js';
import type { DoubtPace, DueRescore, RescoreSchedule } from '../../evaluate/rescore-schedule.js';
import type { AccessState } from '../../model/access.js';
import type { EventType } from '../../model/event-type.js';
import type { IdPrefix } from '../../model/ids.js';
import type { Instant } from '../../model/time.js';
import { SqlAccessBatches } from './access-batches.js';
import type { Database } from './database.js';

interface DueRow {
  account_id: string;
  due_at: Date;
  first_seen_at: Date;
  state: AccessState;
  version: number;
  probation: boolean;
  doubted: boolean;
  first_payment_at: Date | null;
  decision_id: string;
  event_id: string;
  type: EventType;
  occurred_at: Date;
  sealed: string;
  salt: string | null;
}

/**
 * $1: now, $2: how many. The lease is a later `not_before`. A cleared account is one that a person or a verification let
 * in: it is not judged behind their back, unless its evidence is in doubt; but its probation has to end.
 */
const takeSql = `with due as materialized (
    select account_id, due_at, doubted from rescores where not_before <= $1::timestamptz
    order by not_before limit $2 for update skip locked
  ), judged as materialized (
    select due.account_id, due.due_at, a.first_seen_at, a.state, a.version, a.probation, a.first_payment_at,
      due.doubted and not a.probation and (a.verified or a.cleared_rules <> '{}') as doubted
    from due join accounts a on a.account_id = due.account_id
    where a.state in ('admitted', 'limited') and (a.probation or due.doubted or (not a.verified and a.cleared_rules = '{}'))
  ), gone as (
    delete from rescores r using due
    where r.account_id = due.account_id and not exists (select 1 from judged j where j.account_id = due.account_id)
  ), leased as (
    update rescores r set not_before = $1::timestamptz + interval '1 minute'
    from judged j where r.account_id = j.account_id
  )
  select j.*, e.decision_id, e.event_id, e.type, e.occurred_at, e.sealed, s.salt
  from judged j
  cross join lateral (
    select d.id as decision_id, d.event_id, d.type, d.occurred_at, d.sealed from decisions d
    where d.account_id = j.account_id order by d.type = 'signup' desc, d.id desc limit 1
  ) e
  left join envelope_salts s on s.event_id = e.event_id
  order by j.due_at, j.account_id`;

/** Whoever asked for it meanwhile has made it due at another time: that stays. */
const againSql = `update rescores set due_at = $3, not_before = $3, doubted = false where account_id = $1 and due_at = $2`;
const neverSql = 'delete from rescores where account_id = $1 and due_at = $2';

/** Due later, or somebody is at it with what was known before. */
const isDueAgain = '(rescores.due_at > excluded.due_at or rescores.not_before > rescores.due_at)';
const soonSql = `insert into rescores (account_id, due_at, not_before)
  select a.account_id, $2, $2 from accounts a
  where a.account_id = any($1::text[]) and a.state in ('admitted', 'limited')
  order by a.account_id
  on conflict (account_id) do update set due_at = excluded.due_at, not_before = excluded.not_before
  where ${isDueAgain}`;

/** Who is due already is due then, too. */
const doubtSql = `insert into rescores (account_id, due_at, not_before, doubted)
  select a.account_id, w.at, w.at, true
  from (
    select g.id, $2::timestamptz + (g.place - 1) * ($3::float8 * interval '1 millisecond') as at
    from unnest($1::text[]) with ordinality g (id, place)
  ) w join accounts a on a.account_id = w.id
  where a.state in ('admitted', 'limited')
  order by a.account_id
  on conflict (account_id) do update set doubted = true,
    due_at = case when ${isDueAgain} then excluded.due_at else rescores.due_at end,
    not_before = case when ${isDueAgain} then excluded.not_before else rescores.not_before end`;

const dueOf = (row: DueRow): DueRescore => ({
  accountId: row.account_id,
  dueAt: row.due_at.getTime(),
  firstSeenAt: row.first_seen_at.getTime(),
  state: row.state,
  version: row.version,
  probation: row.probation,
  doubted: row.doubted,
  firstPaymentAt: row.first_payment_at?.getTime() ?? null,
  decisionId: row.decision_id,
  event:
    row.salt === null
      ? undefined
      : {
          eventId: row.event_id,
          type: row.type,
          occurredAt: row.occurred_at.getTime(),
          sealed: row.sealed,
          salt: row.salt,
        },
});

export class SqlRescoreSchedule implements RescoreSchedule {
  private readonly batches: SqlAccessBatches;

  constructor(
    private readonly database: Database,
    private readonly records: CaseRecords,
    private readonly newId: (prefix: IdPrefix) => string,
  ) {
    this.batches = new SqlAccessBatches(database);
  }

  async take(now: Instant, limit: number): Promise<readonly DueRescore[]> {
    return (await this.database.query<DueRow>(takeSql, [new Date(now), limit])).map(dueOf);
  }

  apply(judged: JudgedAgain): Promise<boolean> {
    return applyRescore({ records: this.records, batches: this.batches, newId: this.newId }, judged);
  }

  async done(
    { accountId, dueAt }: Pick<DueRescore, 'accountId' | 'dueAt'>,
    nextAt: Instant | undefined,
  ): Promise<void> {
    const planned = [accountId, new Date(dueAt)];
    if (nextAt === undefined) await this.database.query(neverSql, planned);
    else await this.database.query(againSql, [...planned, new Date(nextAt)]);
  }

  async soon(accountIds: readonly string[], at: Instant): Promise<void> {
    if (accountIds.length > 0) await this.database.query(soonSql, [accountIds, new Date(at)]);
  }

  async doubt(accountIds: readonly string[], { at, everyMs }: DoubtPace): Promise<void> {
    if (accountIds.length > 0) await this.database.query(doubtSql, [accountIds, new Date(at), everyMs]);
  }
}
