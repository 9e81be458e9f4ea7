import type { Outcome } from '../../model/rule.js';
import type { Database } from './database.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Span {
  readonly from: number;
  readonly now: number;
  readonly bucketMs: number;
}

const bucketsSql = `select floor(extract(epoch from decided_at) * 1000 / $3)::bigint * $3 as at, outcome, count(*) as count
  from decisions where decided_at > $1 and decided_at <= $2 and type = 'signup' group by 1, 2 order by 1`;

/** The same hour of the day on each of the seven days before, and the last five minutes. */
const paceSql = `select d as day, (select count(*) from decisions where type = 'signup'
    and decided_at > $1::timestamptz - d * interval '1 day' - interval '1 hour'
    and decided_at <= $1::timestamptz - d * interval '1 day') as count
  from generate_series(1, 7) d
  union all
  select 0, count(*) from decisions where type = 'signup' and decided_at > $1::timestamptz - interval '5 minutes' and decided_at <= $1`;

const casesSql = `select count(*) as open, count(*) filter (where due_at < $1) as late, min(opened_at) as oldest
  from cases where state <> 'decided'`;

/** Accounts are counted, not labels: the last word on each. */
const labelledSql = `with told as (
    select distinct on (account_id) account_id, label from labels where recorded_at > $1 order by account_id, observed_at desc
  )
  select label, count(*) as count from told t
  where exists (select 1 from decisions d where d.account_id = t.account_id and d.outcome in ('hold', 'deny'))
     or exists (select 1 from cases c where c.account_id = t.account_id)
     or exists (select 1 from case_accounts m where m.account_id = t.account_id)
  group by label`;

const rulesetsSql = `select version, hash, first_used_at from rule_sets where first_used_at > $1 order by first_used_at`;

const ringsSql = `select id as ring_id, size, (statistics->>'growth_1h')::int as growth from rings
  where state = 'open' and changed_at > $1 and (statistics->>'growth_1h')::int >= 3
  order by (statistics->>'growth_1h')::int desc limit 5`;

const jumpedSql = `with hours as (
    select rule, hour, sum(live + shadow + outside + blown) as fired from rule_counts where hour > $1::timestamptz - interval '25 hours' group by 1, 2
  ), seen as (
    select rule, coalesce(sum(fired) filter (where hour > $1::timestamptz - interval '1 hour'), 0)::float8 as last,
      coalesce(sum(fired) filter (where hour <= $1::timestamptz - interval '1 hour'), 0)::float8 / 24 as usual
    from hours group by rule
  )
  select rule, last, usual from seen where last >= 10 and last > 4 * greatest(usual, 1) order by last / greatest(usual, 1) desc limit 5`;

/** Reads the figures of the overview, each by an index. */
export class SqlOverview {
  constructor(private readonly database: Database) {}

  async read({ from, now, bucketMs }: Span) {
    const at = new Date(now);
    const week = new Date(now - 7 * dayMs);
    const [buckets, pace, cases, labelled, provisional, rulesets, rings, jumped] = await Promise.all([
      this.all<{ at: number; outcome: Outcome; count: number }>(bucketsSql, [new Date(from), at, bucketMs]),
      this.all<{ day: number; count: number }>(paceSql, [at]),
      this.all<{ open: number; late: number; oldest: Date | null }>(casesSql, [at]),
      this.all<{ label: string; count: number }>(labelledSql, [week]),
      this.all<{ count: number }>('select count(*) as count from accounts where rescore_event_id is not null', []),
      this.all<{ version: string; hash: string; first_used_at: Date }>(rulesetsSql, [new Date(from)]),
      this.all<{ ring_id: string; size: number; growth: number }>(ringsSql, [new Date(now - dayMs)]),
      this.all<{ rule: string; last: number; usual: number }>(jumpedSql, [at]),
    ]);
    const countOf = (label: string): number => Number(labelled.find((row) => row.label === label)?.count ?? 0);
    return {
      signups: bucketsOf(buckets),
      bucketMs,
      signupsLast5m: Number(pace.find(({ day }) => Number(day) === 0)?.count ?? 0),
      usualPerMinute: pace
        .filter(({ day, count }) => Number(day) > 0 && Number(count) > 0)
        .map(({ count }) => Number(count) / 60),
      cases: {
        open: Number(cases[0]?.open ?? 0),
        late: Number(cases[0]?.late ?? 0),
        oldestAt: cases[0]?.oldest?.getTime() ?? null,
      },
      labelled: { fraud: countOf('fraud'), honest: countOf('honest') },
      provisional: Number(provisional[0]?.count ?? 0),
      rulesets: rulesets.map(({ version, hash, first_used_at }) => ({ version, hash, at: first_used_at.getTime() })),
      growingRings: rings.map(({ ring_id, size, growth }) => ({
        id: ring_id,
        size: Number(size),
        growth1h: Number(growth),
      })),
      jumped: jumped.map(({ rule, last, usual }) => ({ rule, lastHour: Number(last), usualPerHour: Number(usual) })),
    };
  }

  private all<T>(sql: string, values: readonly unknown[]): Promise<readonly T[]> {
    return this.database.query<T>(sql, values as unknown[]);
  }
}

const none = { allow: 0, limit: 0, hold: 0, deny: 0 };

function bucketsOf(rows: readonly { at: number; outcome: Outcome; count: number }[]) {
  const buckets = new Map<number, Record<Outcome, number>>();
  for (const { at, outcome, count } of rows)
    buckets.set(Number(at), { ...(buckets.get(Number(at)) ?? none), [outcome]: Number(count) });
  return [...buckets].map(([at, outcomes]) => ({ at, outcomes }));
}
