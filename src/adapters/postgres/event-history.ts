import type {
  EventHistory,
  HistoryPlace,
  HistoryQuery,
  PastEvent,
  PastLabel,
  PastStanding,
} from '../../evaluate/event-history.js';
import type { AccessState } from '../../model/access.js';
import type { EventType } from '../../model/event-type.js';
import type { Label } from '../../model/label.js';
import { type Instant, toIso } from '../../model/time.js';
import type { Queryable } from './database.js';

export interface PastRow {
  id: string;
  event_id: string;
  account_id: string;
  type: EventType;
  occurred_at: Date;
  sealed: string;
  salt: string;
}

interface LabelRow {
  id: number;
  account_id: string;
  label: Label;
  source: string;
  observed_at: Date;
}

const columns = 'd.id, d.event_id, d.account_id, d.type, d.occurred_at, d.sealed, s.salt';

interface StandingRow {
  account_id: string;
  state: AccessState;
  changed_at: Date;
  opened_at: Date | null;
}

/** The first condition says what the second implies, for the index on the time alone. */
const pageSql = `select ${columns}
  from decisions d join envelope_salts s on s.event_id = d.event_id
  where d.occurred_at >= $1 and (d.occurred_at, d.id) > ($1, $2) and d.decided_at <= $3
  order by d.occurred_at, d.id limit $4`;

/**
 * An account's memory is in its first hundred events: uses of a key, which can be very many and tell nothing that lasts,
 * come last.
 */
const beforeSql = `select ${columns}
  from unnest($1::text[]) a (account_id)
  cross join lateral (
    select * from decisions e
    where e.account_id = a.account_id and (e.occurred_at, e.id) < ($2::timestamptz, $3)
    order by e.type = 'api_key_used', e.id limit 100
  ) d
  join envelope_salts s on s.event_id = d.event_id
  order by d.occurred_at, d.id`;

const labelsSql = `select id, account_id, label, source, observed_at from labels where id > $1 order by id limit $2`;

/** Whoever was ever held has a case of its own or is in a ring's; a denial that no case led to is what access is now. */
const standingsSql = `select a.account_id, a.state, a.changed_at, o.opened_at
  from accounts a
  cross join lateral (
    select least(
      (select min(c.opened_at) from cases c where c.account_id = a.account_id),
      (select min(m.joined_at) from case_accounts m where m.account_id = a.account_id)
    ) as opened_at
  ) o
  where a.account_id > $1 and (a.state in ('held', 'denied') or o.opened_at is not null)
  order by a.account_id limit $2`;

export const pastOf = ({ id, event_id, account_id, occurred_at, ...row }: PastRow): PastEvent => ({
  ...row,
  decisionId: id,
  eventId: event_id,
  accountId: account_id,
  occurredAt: occurred_at.getTime(),
});

const labelOf = ({ account_id, observed_at, ...row }: LabelRow): PastLabel => ({
  ...row,
  accountId: account_id,
  observedAt: observed_at.getTime(),
});

function standingOf({ account_id, state, changed_at, opened_at }: StandingRow): PastStanding {
  const changedAt = changed_at.getTime();
  const isOut = state === 'held' || state === 'denied';
  return {
    accountId: account_id,
    outAt: Math.min(opened_at?.getTime() ?? changedAt, changedAt),
    goodAt: isOut ? undefined : changedAt,
  };
}

export class SqlEventHistory implements EventHistory {
  constructor(private readonly database: Queryable) {}

  async newestAt(): Promise<Instant | undefined> {
    const sql = 'select occurred_at as at from decisions order by occurred_at desc limit 1';
    const [row] = await this.database.query<{ at: Date }>(sql);
    return row?.at.getTime();
  }

  async events({ after, decidedUntil, limit }: HistoryQuery): Promise<readonly PastEvent[]> {
    const parameters = [toIso(after.occurredAt), after.decisionId, toIso(decidedUntil), limit];
    return (await this.database.query<PastRow>(pageSql, parameters)).map(pastOf);
  }

  async eventsBefore(accountIds: readonly string[], place: HistoryPlace): Promise<readonly PastEvent[]> {
    const parameters = [accountIds, toIso(place.occurredAt), place.decisionId];
    return (await this.database.query<PastRow>(beforeSql, parameters)).map(pastOf);
  }

  async labels(afterId: number, limit: number): Promise<readonly PastLabel[]> {
    return (await this.database.query<LabelRow>(labelsSql, [afterId, limit])).map(labelOf);
  }

  async standings(afterAccountId: string, limit: number): Promise<readonly PastStanding[]> {
    return (await this.database.query<StandingRow>(standingsSql, [afterAccountId, limit])).map(standingOf);
  }
}
