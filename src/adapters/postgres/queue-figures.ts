import {
  type QueueFigures,
  type SampledMember,
  type SampleReason,
  sampledOfEach,
  type ViewCount,
  type Workload,
} from '../../cases/queue-figures.js';
import { dueSoonMs } from '../../cases/queue-views.js';
import { queueViews } from '../../cases/review-queue.js';
import type { AccessState } from '../../model/access.js';
import { type Instant, toIso } from '../../model/time.js';
import { stateAsOf } from './case-state.js';
import type { Database } from './database.js';

interface CountRow {
  view: string;
  cases: number;
  oldest: Date | null;
}

/** As of now, which is `$1`. */
const { open, claimed, snoozed } = stateAsOf('$1');

const conditions = {
  unclaimed: `${open} and escalated_at is null and assigned_to is null`,
  due: `not ${snoozed} and due_at <= $2`,
  rings: 'whole_ring',
  appeals: 'appealed_at is not null',
  snoozed,
  escalated: 'escalated_at is not null',
  undecided: 'true',
  late: 'due_at <= $1',
  due_in_hour: 'due_at > $1 and due_at <= $2',
} as const;

/** All counts in one pass over the undecided cases. */
const countsSql = `with figures as (
    select ${Object.entries(conditions)
      .map(
        ([name, condition]) =>
          `count(*) filter (where ${condition}) as ${name}, min(opened_at) filter (where ${condition}) as ${name}_from`,
      )
      .join(', ')}
    from cases where state <> 'decided'
  )
  select f.view, f.cases::float8 as cases, f.oldest from figures, lateral (values ${Object.keys(conditions)
    .map((name) => `('${name}', ${name}, ${name}_from)`)
    .join(', ')}) f (view, cases, oldest)`;

const mineSql = `select 'mine' as view, count(*)::float8 as cases, min(opened_at) as oldest from cases
  where (${claimed} and claimed_by = $2) or (state <> 'decided' and assigned_to = $2)
  union all
  select 'assigned_open', count(*)::float8, min(opened_at) from cases
  where ${open} and state <> 'decided' and assigned_to = $2 and escalated_at is null`;

interface ReviewerRow {
  actor: string | null;
  name: string | null;
  decisions: number;
  median_ms: number | null;
}

/** The row without an actor is that of all. */
const reviewersSql = `select d.actor, k.name, d.decisions::float8 as decisions, d.median_ms from (
    select decided_by as actor, count(*) as decisions,
      percentile_cont(0.5) within group (order by extract(epoch from decided_at - opened_at) * 1000) as median_ms
    from cases where state = 'decided' and decision is not null and decided_at >= $1
    group by grouping sets ((decided_by), ())
  ) d left join service_keys k on k.id = d.actor
  order by d.decisions desc, d.actor limit 101`;

const sampleSql = `with own as (select ring_id from cases where id = $1),
  members as (select account_id, joined_at from case_accounts where case_id = $1),
  scored as (
    select m.account_id, s.score from (select * from members order by joined_at desc, account_id limit 500) m
    cross join lateral (select max(d.score) as score from decisions d where d.account_id = m.account_id) s
  ),
  picked as (
    (select account_id, 'first' as why, 1 as place from members order by joined_at, account_id limit $2)
    union all
    (select account_id, 'newest', 2 from members order by joined_at desc, account_id limit $2)
    union all
    (select account_id, 'highest_score', 3 from scored where score is not null order by score desc, account_id limit $2)
    union all
    (select m.account_id, 'verified', 4 from members m join accounts a on a.account_id = m.account_id
      where a.verified order by m.joined_at, m.account_id limit $2)
    union all
    (select r.account_id, 'spared', 5 from access_batches b
      join access_batch_accounts r on r.batch_id = b.id and r.result = 'spared'
      where b.ring_id = (select ring_id from own) order by r.joined_at, r.account_id limit $2)
  )
  select p.account_id, p.why, m.joined_at, a.state, a.verified,
    (select max(d.score) from decisions d where d.account_id = p.account_id) as score
  from (select account_id, array_agg(why order by place) as why, min(place) as place from picked group by account_id) p
  join accounts a on a.account_id = p.account_id
  left join members m on m.account_id = p.account_id
  order by p.place, m.joined_at, p.account_id`;

interface SampleRow {
  account_id: string;
  why: SampleReason[];
  joined_at: Date | null;
  state: AccessState;
  verified: boolean;
  score: number | null;
}

/** Counting 50,000 cases takes some ten milliseconds: everyone who looks within this time is told the same. */
const keptMs = 3000;
const dayMs = 86_400_000;

type Shared = Omit<Workload, 'views'> & { readonly counts: ReadonlyMap<string, ViewCount> };

/** On PostgreSQL and PGlite alike. */
export class SqlQueueFigures implements QueueFigures {
  private kept: { readonly at: Instant; readonly figures: Promise<Shared> } | undefined;

  constructor(private readonly database: Database) {}

  async workload(actor: string, now: Instant): Promise<Workload> {
    const [{ counts, ...shared }, own] = await Promise.all([
      this.shared(now),
      this.database.query<CountRow>(mineSql, [toIso(now), actor]),
    ]);
    const mine = countsOf(own);
    const views = Object.fromEntries(queueViews.map((view) => [view, counts.get(view) ?? mine.get(view) ?? none]));
    const unclaimed = joined(counts.get('unclaimed') ?? none, mine.get('assigned_open') ?? none);
    return { ...shared, views: { ...noViews, ...views, unclaimed } };
  }

  async late(now: Instant): Promise<number> {
    const [row] = await this.database.query<{ late: number }>(
      "select count(*)::float8 as late from cases where state <> 'decided' and due_at <= $1",
      [toIso(now)],
    );
    return row?.late ?? 0;
  }

  async sampleMembers(caseId: string): Promise<readonly SampledMember[]> {
    const rows = await this.database.query<SampleRow>(sampleSql, [caseId, sampledOfEach]);
    return rows.map(({ account_id, joined_at, ...row }) => ({
      ...row,
      accountId: account_id,
      joinedAt: joined_at?.getTime() ?? null,
    }));
  }

  private shared(now: Instant): Promise<Shared> {
    if (this.kept !== undefined && now - this.kept.at < keptMs) return this.kept.figures;
    const figures = this.read(now);
    const kept = { at: now, figures };
    this.kept = kept;
    figures.catch(() => {
      if (this.kept === kept) this.kept = undefined;
    });
    return figures;
  }

  private async read(now: Instant): Promise<Shared> {
    const [rows, reviewers] = await Promise.all([
      this.database.query<CountRow>(countsSql, [toIso(now), toIso(now + dueSoonMs)]),
      this.database.query<ReviewerRow>(reviewersSql, [toIso(now - dayMs)]),
    ]);
    const counts = countsOf(rows);
    const all = reviewers.find(({ actor }) => actor === null);
    return {
      counts,
      undecided: counts.get('undecided')?.cases ?? 0,
      late: counts.get('late')?.cases ?? 0,
      dueInHour: counts.get('due_in_hour')?.cases ?? 0,
      medianMs: all?.median_ms ?? null,
      reviewers: reviewers.flatMap(({ actor, name, decisions, median_ms }) =>
        actor === null ? [] : [{ actor, name, decisions, medianMs: median_ms ?? 0 }],
      ),
    };
  }
}

const none: ViewCount = { cases: 0, oldestAt: null };
const noViews: Workload['views'] = {
  mine: none,
  unclaimed: none,
  due: none,
  rings: none,
  appeals: none,
  snoozed: none,
  escalated: none,
};

const countsOf = (rows: readonly CountRow[]): Map<string, ViewCount> =>
  new Map(rows.map(({ view, cases, oldest }) => [view, { cases, oldestAt: oldest?.getTime() ?? null }]));

function joined(a: ViewCount, b: ViewCount): ViewCount {
  const times = [a.oldestAt, b.oldestAt].filter((at) => at !== null);
  return { cases: a.cases + b.cases, oldestAt: times.length === 0 ? null : Math.min(...times) };
}
