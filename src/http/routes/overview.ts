import { z } from 'zod';
import { outcomes } from '../../model/rule.js';
import { toIso } from '../../model/time.js';
import type { OverviewFigures } from '../console/overview.js';
import type { HttpServices } from '../http-services.js';
import { answer, none, type Route, route } from '../route.js';

const hourMs = 3_600_000;

const query = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });

const count = z.int().min(0);
const time = z.string();

const reply = z
  .strictObject({
    bucket_s: z.number(),
    signups: z.array(z.strictObject({ at: time, outcomes: z.record(z.enum(outcomes), count) })),
    signups_per_minute: z.number(),
    usual_per_minute: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
    cases: z.strictObject({ open: count, late: count, oldest_at: time.nullable() }),
    labelled: z.strictObject({ fraud: count, honest: count }),
    provisional_accounts: count,
    rulesets: z.array(z.strictObject({ version: z.string(), hash: z.string(), at: time })),
    growing_rings: z.array(z.strictObject({ id: z.string(), size: count, growth_1h: count })),
    jumped_rules: z.array(z.strictObject({ rule: z.string(), last_hour: z.number(), usual_per_hour: z.number() })),
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
      return answer(overviewJson(await overview.read({ from, now, bucketMs })));
    },
  ),
];

function overviewJson(figures: OverviewFigures) {
  const { usualPerMinute: usual } = figures;
  return {
    bucket_s: figures.bucketMs / 1000,
    signups: figures.signups.map(({ at, outcomes: counts }) => ({ at: toIso(at), outcomes: counts })),
    signups_per_minute: figures.signupsLast5m / 5,
    usual_per_minute: usual.length === 0 ? null : { low: Math.min(...usual), high: Math.max(...usual) },
    cases: {
      open: figures.cases.open,
      late: figures.cases.late,
      oldest_at: figures.cases.oldestAt === null ? null : toIso(figures.cases.oldestAt),
    },
    labelled: figures.labelled,
    provisional_accounts: figures.provisional,
    rulesets: figures.rulesets.map(({ at, ...one }) => ({ ...one, at: toIso(at) })),
    growing_rings: figures.growingRings.map(({ growth1h, ...one }) => ({ ...one, growth_1h: growth1h })),
    jumped_rules: figures.jumped.map(({ rule, lastHour, usualPerHour }) => ({
      rule,
      last_hour: lastHour,
      usual_per_hour: usualPerHour,
    })),
  };
}
