import { z } from 'zod';
import type { DecidedPlace, PastDecision } from '../../decisions/past-decisions.js';
import { accessStates } from '../../model/access.js';
import { eventTypes } from '../../model/event-type.js';
import { instantText } from '../../model/instant-text.js';
import { labels } from '../../model/label.js';
import { outcomes } from '../../model/rule.js';
import { type Instant, isInstant, toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { wholeNumber } from '../query-values.js';
import { answer, none, type Route, route } from '../route.js';
import { cursorThat, listOf } from '../schemas.js';

const value = z.union([z.string(), z.number(), z.boolean()]);
const cursorForm = /^(\d{1,15})\.([A-Za-z0-9_]{1,64})$/;

const pastQuery = z.strictObject({
  since: instantText.describe('Decided from this time on; a week ago when it is not given.').optional(),
  until: instantText.describe('Decided before this time; now when it is not given.').optional(),
  limit: wholeNumber(1, 500).prefault(200).describe('Entries a page.'),
  cursor: cursorThat((text) => placeOf(text) !== undefined),
});

const pastDecisionReply = z
  .strictObject({
    id: z.string(),
    event_id: z.string(),
    account_id: z.string(),
    type: z.enum(eventTypes),
    occurred_at: z.string(),
    decided_at: z.string(),
    outcome: z.enum(outcomes),
    score: z.number(),
    rules: z.array(z.strictObject({ id: z.string(), points: z.number() })).describe('The rules that fired.'),
    shadow: z.array(z.string()).describe('Rules that fired and changed nothing.'),
    ruleset: z.string().describe('Hash of the rule set that decided.'),
    unknown: z.array(z.string()),
    degraded: z.array(z.string()),
    unavailable: z
      .array(z.string())
      .optional()
      .describe('Inputs that could not be had; the others without a value were absent. Only where any.'),
    inputs: z.record(z.string(), value).describe('Signals and features the rules saw; identifiers are hashed.'),
    state: z.enum(accessStates).describe("The account's access by now."),
    label: z.enum(labels).nullable().describe("The account's latest label."),
  })
  .meta({ id: 'PastDecision' });

const pastJson = ({ decision, inputs, occurredAt, state, label }: PastDecision) => ({
  id: decision.id,
  event_id: decision.event_id,
  account_id: decision.account_id,
  type: decision.type,
  occurred_at: toIso(occurredAt),
  decided_at: decision.decided_at,
  outcome: decision.outcome,
  score: decision.score,
  rules: decision.reasons.map(({ rule, points }) => ({ id: rule, points })),
  shadow: decision.shadow.map(({ rule }) => rule),
  ruleset: decision.ruleset.hash,
  unknown: decision.unknown,
  degraded: decision.degraded,
  ...(decision.unavailable === undefined ? {} : { unavailable: decision.unavailable }),
  inputs,
  state,
  label: label ?? null,
});

const cursorOf = ({ decision }: PastDecision): string => `${Date.parse(decision.decided_at)}.${decision.id}`;

function placeOf(cursor: string | undefined): DecidedPlace | undefined {
  const [, at, decisionId] = cursorForm.exec(cursor ?? '') ?? [];
  const decidedAt = Number(at);
  return decisionId === undefined || !isInstant(decidedAt) ? undefined : { decidedAt, decisionId };
}

const weekMs = 7 * 86_400_000;
const timeOf = (text: string | undefined, otherwise: Instant): Instant =>
  text === undefined ? otherwise : Date.parse(text);

/** What backtests read. It holds no reason's wording and no raw identifier, so that authors may have it. */
function listPastDecisions({ pastDecisions }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/decisions:inputs',
      id: 'listDecisionInputs',
      tag: 'Decisions',
      summary: 'Decisions of all accounts with what they saw, oldest first: what a backtest reads',
      access: ['author', 'reviewer'],
      params: none,
      query: pastQuery,
      replies: { 200: { description: 'A page', schema: listOf(pastDecisionReply) } },
    },
    async ({ query: { since, until, limit, cursor }, now }) => {
      const end = timeOf(until, now);
      const found = await pastDecisions.page({
        since: timeOf(since, end - weekMs),
        until: end,
        after: placeOf(cursor),
        // One more than asked for tells whether there is a next page.
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return answer({ data: page.map(pastJson), next_cursor: last === undefined ? null : cursorOf(last) });
    },
  );
}

export const pastDecisionRoutes = (services: HttpServices): Route[] => [listPastDecisions(services)];
