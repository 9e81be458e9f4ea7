import { z } from 'zod';
import { outcomes } from '../../model/rule.js';
import { shareOf } from '../../model/share.js';
import { toIso } from '../../model/time.js';
import { degradedPeriods } from '../console/degraded-periods.js';
import type { OverviewFigures, OverviewSpan } from '../console/overview.js';
import type { HttpServices } from '../http-services.js';
import { wholeNumber } from '../query-values.js';
import { answer, none, type Route, route } from '../route.js';
import { shareJson } from '../rule-json.js';
import { share } from '../rule-schemas.js';

const hourMs = 3_600_000;

const query = z.strictObject({ hours: wholeNumber(1, 168).prefault(24) });

const count = z.int().min(0);
const time = z.string();

const reply = z
  .strictObject({
    from: time,
    to: time,
    bucket_s: z.number(),
    signups: z.array(z.strictObject({ at: time, outcomes: z.record(z.enum(outcomes), count) })),
    signups_per_minute: z.number().describe('Of the last five minutes.'),
    usual_per_minute: z
      .strictObject({ low: z.number(), high: z.number(), days: count })
      .nullable()
      .describe('Least and most in the same hour of the days before, of seven at most.'),
    cases: z.strictObject({ open: count, late: count, oldest_at: time.nullable() }),
    precision: share.describe('Fraud, of accounts that were held or denied and got a label in the last seven days.'),
    provisional_accounts: count.describe('Their access rests on a decision that missed something.'),
    degraded_periods: z
      .array(z.strictObject({ from: time, to: time, decisions: count, missing: z.array(z.string()) }))
      .describe('The last five.'),
    rulesets: z.array(z.strictObject({ version: z.string(), hash: z.string(), at: time })),
    growing_rings: z.array(z.strictObject({ id: z.string(), size: count, growth_1h: count })),
    jumped_rules: z
      .array(z.strictObject({ rule: z.string(), fired: count, evaluated: count, usual_share: z.number() }))
      .describe('Fire on a far larger share of events, in this hour and the one before, than in the day before.'),
  })
  .meta({ id: 'Overview' });

/** Figures for the first page of the console. */
export const overviewRoutes = ({ overview }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/overview',
      id: 'getOverview',
      tag: 'Console',
      summary: 'What has been going on',
      description: 'Of the last `hours` hours. Figures may be ten seconds old.',
      access: ['reviewer', 'author'],
      params: none,
      query,
      replies: { 200: { description: 'The figures', schema: reply } },
    },
    async ({ query: { hours }, now }) => {
      const from = now - hours * hourMs;
      // About a hundred bars, whatever the span.
      const bucketMs = Math.max(60_000, Math.ceil((hours * hourMs) / 96 / 60_000) * 60_000);
      const span = { from, now, bucketMs };
      return answer(overviewJson(span, await overview.read(span)));
    },
  ),
];

const shownPeriods = 5;

function overviewJson(span: OverviewSpan, figures: OverviewFigures) {
  const { usualPerMinute: usual, labelled } = figures;
  return {
    from: toIso(span.from),
    to: toIso(span.now),
    bucket_s: figures.bucketMs / 1000,
    signups: figures.signups.map(({ at, outcomes: counts }) => ({ at: toIso(at), outcomes: counts })),
    signups_per_minute: figures.signupsLast5m / 5,
    usual_per_minute:
      usual.length === 0 ? null : { low: Math.min(...usual), high: Math.max(...usual), days: usual.length },
    cases: {
      open: figures.cases.open,
      late: figures.cases.late,
      oldest_at: figures.cases.oldestAt === null ? null : toIso(figures.cases.oldestAt),
    },
    precision: shareJson(shareOf(labelled.fraud, labelled.fraud + labelled.honest)),
    provisional_accounts: figures.provisional,
    ...newsJson(figures),
  };
}

const newsJson = (figures: OverviewFigures) => ({
  degraded_periods: degradedPeriods(figures.degraded)
    .slice(-shownPeriods)
    .map(({ from, to, ...rest }) => ({ from: toIso(from), to: toIso(to), ...rest })),
  rulesets: figures.rulesets.map(({ at, ...one }) => ({ ...one, at: toIso(at) })),
  growing_rings: figures.growingRings.map(({ growth1h, ...one }) => ({ ...one, growth_1h: growth1h })),
  jumped_rules: figures.jumped.map(({ usualShare, ...one }) => ({ ...one, usual_share: usualShare })),
});
