import type { Outcome } from '../../model/rule.js';
import type { Database } from './database.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Span {
  readonly from: number;
  readonly now: number;
  readonly bucketMs: number;
}

const bucketsSql = `select date_bin($3::float8 * interval '1 millisecond', decided_at, 'epoch') as at, outcome, count(*) as count
  from decisions where decided_at > $1 and decided_at <= $2 and type = 'signup' group by 1, 2 order by 1`;

/** The same hour of the day on each of the seven days before, as far back as there are decisions, and the last five minutes. */
const paceSql = `select d as day, (select count(*) from decisions where type = 'signup'
    and decided_at > $1::timestamptz - d * interval '1 day' - interval '1 hour'
    and decided_at <= $1::timestamptz - d * interval '1 day') as count
  from generate_series(1, 7) d
  where (select min(decided_at) from decisions) <= $1::timestamptz - d * interval '1 day'
  union all
  select 0, count(*) from decisions where type = 'signup' and decided_at > $1::timestamptz - interval '5 minutes' and decided_at <= $1
  order by 1`;

const casesSql = `select count(*) as open, count(*) filter (where due_at < $1) as late, min(opened_at) as oldest
  from cases where state <> 'decided'`;

/** Accounts are counted, not labels: the last word on each. */
const labelledSql = `with told as (
    select r.account_id, l.label from (select distinct account_id from labels where recorded_at > $1) r
    cross join lateral (
      select label from labels where account_id = r.account_id order by observed_at desc, id desc limit 1
    ) l
  )
  select label, count(*) as count from told t
  where exists (select 1 from decisions d where d.account_id = t.account_id and d.outcome in ('hold', 'deny'))
     or exists (select 1 from cases c where c.account_id = t.account_id)
     or exists (select 1 from case_accounts m where m.account_id = t.account_id)
  group by label`;

const rulesetsSql = `select version, hash, first_used_at from rule_sets where first_used_at > $1 order by first_used_at`;

/** When everything is degraded for long, the latest are enough to say so. */
const degradedLimit = 20_000;

const degradedSql = `select date_trunc('minute', decided_at) as at, missing, count(*) as count
  from (
    select decided_at, answer->'degraded' as degraded from decisions
    where (answer->'degraded') - 'occurred_at_clamped' <> '[]'::jsonb and decided_at > $1 and decided_at <= $2
    order by decided_at desc limit ${degradedLimit}
  ) latest, jsonb_array_elements_text(degraded) as missing
  where missing <> 'occurred_at_clamped' group by 1, 2 order by 1, 2`;

const ringsSql = `select * from (
    select id as ring_id, size, (
      select count(*) from rings part join ring_members m on m.ring_id = part.id
      where part.root = r.id and m.joined_at > $1 and m.joined_at <= $2
    ) as growth
    from (
      select id, size from rings where state = 'open' and changed_at > $1 order by changed_at desc limit 200
    ) r
  ) changed where growth >= 3 order by growth desc, ring_id limit 5`;

/** Counts are kept by the hour of the clock: this hour and the one before against the 24 before those. */
const jumpedSql = `with seen as (
    select rule, hour > $1::timestamptz - interval '2 hours' as is_now,
      sum(live + shadow + outside + blown)::float8 as fired, sum(evaluated)::float8 as evaluated
    from rule_counts where hour > $1::timestamptz - interval '26 hours' group by 1, 2
  )
  select n.rule, n.fired, n.evaluated, b.fired / b.evaluated as usual
  from seen n join seen b on b.rule = n.rule and not b.is_now
  where n.is_now and n.fired >= 10 and n.evaluated > 0 and b.evaluated >= 200
    and n.fired / n.evaluated > 4 * greatest(b.fired, 1) / b.evaluated
  order by n.fired / n.evaluated / (greatest(b.fired, 1) / b.evaluated) desc, n.rule limit 5`;

/** Reads the figures of the overview, each by an index. */
export class SqlOverview {
  constructor(private readonly database: Database) {}

  async read({ from, now, bucketMs }: Span) {
    const [since, at] = [new Date(from), new Date(now)];
    const [signups, pace, cases, labelled, provisional, degraded, rulesets, growingRings, jumped] = await Promise.all([
      this.all<BucketRow>(bucketsSql, [since, at, bucketMs]),
      this.all<{ day: number; count: number }>(paceSql, [at]),
      this.all<{ open: number; late: number; oldest: Date | null }>(casesSql, [at]),
      this.all<{ label: string; count: number }>(labelledSql, [new Date(now - 7 * dayMs)]),
      this.all<{ count: number }>('select count(*) as count from accounts where rescore_event_id is not null', []),
      this.all<{ at: Date; missing: string; count: number }>(degradedSql, [since, at]),
      this.all<{ version: string; hash: string; first_used_at: Date }>(rulesetsSql, [since]),
      this.all<{ ring_id: string; size: number; growth: number }>(ringsSql, [new Date(now - hourMs), at]),
      this.all<{ rule: string; fired: number; evaluated: number; usual: number }>(jumpedSql, [at]),
    ]);
    const countOf = (label: string): number => Number(labelled.find((row) => row.label === label)?.count ?? 0);
    return {
      ...paceOf(pace),
      signups: bucketsOf(signups),
      bucketMs,
      cases: {
        open: Number(cases[0]?.open ?? 0),
        late: Number(cases[0]?.late ?? 0),
        oldestAt: cases[0]?.oldest?.getTime() ?? null,
      },
      labelled: { fraud: countOf('fraud'), honest: countOf('honest') },
      provisional: Number(provisional[0]?.count ?? 0),
      degraded: degraded.map((row) => ({ at: row.at.getTime(), missing: row.missing, decisions: Number(row.count) })),
      rulesets: rulesets.map(({ version, hash, first_used_at }) => ({ version, hash, at: first_used_at.getTime() })),
      growingRings: growingRings.map(({ ring_id: id, size, growth }) => ({ id, size, growth1h: Number(growth) })),
      jumped: jumped.map(({ usual: usualShare, ...row }) => ({ ...row, usualShare })),
    };
  }

  private all<T>(sql: string, values: readonly unknown[]): Promise<readonly T[]> {
    return this.database.query<T>(sql, values as unknown[]);
  }
}

interface BucketRow {
  readonly at: Date;
  readonly outcome: Outcome;
  readonly count: number;
}

function paceOf(rows: readonly { readonly day: number; readonly count: number }[]) {
  const days = rows.filter(({ day }) => Number(day) > 0);
  return {
    signupsLast5m: Number(rows.find(({ day }) => Number(day) === 0)?.count ?? 0),
    usualPerMinute: days.map(({ count }) => Number(count) / 60),
  };
}

const none = { allow: 0, limit: 0, hold: 0, deny: 0 };

function bucketsOf(rows: readonly BucketRow[]) {
  const buckets = new Map<number, Record<Outcome, number>>();
  for (const { at, outcome, count } of rows)
    buckets.set(at.getTime(), { ...(buckets.get(at.getTime()) ?? none), [outcome]: Number(count) });
  return [...buckets].map(([at, outcomes]) => ({ at, outcomes }));
}
