import { z } from 'zod';
import { parseCaseCursor } from '../../cases/case-cursor.js';
import { membersSearched } from '../../cases/queue-views.js';
import { type Claim, queueViews } from '../../cases/review-queue.js';
import { caseDecisions, caseStates } from '../../model/case.js';
import { instantText } from '../../model/instant-text.js';
import { labels } from '../../model/label.js';
import { type Problem, problem } from '../../model/problem.js';
import { err, ok, type Result } from '../../model/result.js';
import { storableText } from '../../model/storable-text.js';
import { caseDetail } from '../case-detail.js';
import { exampleToken } from '../examples.js';
import type { HttpServices } from '../http-services.js';
import { decimalNumber, wholeNumber } from '../query-values.js';
import { listedCaseJson, listedCaseReply } from '../queue-json.js';
import { isSenior } from '../roles.js';
import { type Answer, answer, bodyRoute, jsonBody, none, type Route, type RouteInfo, route } from '../route.js';
import {
  caseChangeReply,
  caseDetailReply,
  caseReply,
  claimReply,
  idParams,
  listOf,
  notACursor,
  pageQuery,
  reasonText,
  said,
  timelineEntryReply,
} from '../schemas.js';
import { caseJson, changeJson, claimJson, entryJson } from '../wire.js';

const access = ['worker', 'reviewer'] as const;
const maxSnoozeMs = 30 * 86_400_000;

const token = z.string().min(1).max(256);
const tokenSchema = z.strictObject({ claim_token: token });
const cards = { ids: new Set(['/claim_token']), phones: new Set<string>() };
const tokenBody = jsonBody(tokenSchema, { example: { claim_token: exampleToken }, cards });

const listFields = z.strictObject({
  view: z
    .enum(queueViews)
    .optional()
    .describe('A saved view of the undecided cases; `due` is late or due within an hour.'),
  q: storableText(256)
    .optional()
    .describe(
      `How the id of the account begins, or of a member of its ring (the first ${membersSearched} that begin so).`,
    ),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'expected a country of two letters, such as US')
    .optional(),
  min_score: decimalNumber(0, 100).optional(),
  state: z.enum(caseStates).optional(),
  reason: storableText(128).optional(),
  ring: storableText(128).optional(),
  account_id: storableText(256).optional(),
  sort: z.enum(['priority', 'opened_at', 'due_at']).default('priority'),
  ...pageQuery,
});
/** A place in one order is none in another. */
const listQuery = listFields.refine(
  ({ cursor, sort }) => cursor === undefined || parseCaseCursor(cursor)?.sort === sort,
  { path: ['cursor'], message: notACursor },
);

const decideBody = jsonBody(
  z.strictObject({
    claim_token: token,
    decision: z.enum(caseDecisions),
    label: z.enum(labels).optional(),
    reason: reasonText,
    note: z.string().max(10_000).optional(),
  }),
  { example: { claim_token: exampleToken, decision: 'approve', reason: 'documents checked' }, cards },
);

const snoozeBody = jsonBody(z.strictObject({ claim_token: token, until: instantText }), {
  example: { claim_token: exampleToken, until: '2026-11-22T09:00:00Z' },
  cards,
});

const noteBody = jsonBody(z.strictObject({ text: said(10_000) }), {
  example: { text: 'called, no answer' },
});

type Info = Pick<RouteInfo, 'id' | 'summary' | 'replies'> & Partial<RouteInfo>;

/** What the calls on one case share. */
const onCase = (word: string, info: Info) => ({
  method: 'post' as const,
  path: `/v1/cases/{id}/${word}`,
  tag: 'Cases',
  access,
  params: idParams,
  query: none,
  problems: ['not_found', 'stale_claim', 'conflict'] as const,
  ...info,
});

const leaseQuery = z.strictObject({
  lease_s: wholeNumber(1, 300).optional().describe('How long the claim lasts; 300 by default.'),
});
const leaseOf = ({ lease_s }: z.infer<typeof leaseQuery>): number | undefined =>
  lease_s === undefined ? undefined : lease_s * 1000;

const claimed = (result: Result<Claim, Problem>): Answer => (result.ok ? answer(claimJson(result.value)) : result);

const claimReplies = { 200: { description: 'The lease', schema: claimReply } };
const caseReplies = { 200: { description: 'The case', schema: caseReply } };

function readRoutes(services: HttpServices): Route[] {
  const listRoute = route(
    {
      method: 'get',
      path: '/v1/cases',
      id: 'listCases',
      tag: 'Cases',
      summary: 'The review queue',
      access,
      params: none,
      query: listQuery,
      replies: { 200: { description: 'A page', schema: listOf(listedCaseReply) } },
    },
    async ({ query: { account_id, min_score, country, ...filter }, actor, now }) => {
      const asked = {
        ...filter,
        country: country?.toUpperCase(),
        accountId: account_id,
        minScore: min_score,
        actor,
        now,
      };
      const page = await services.cases.list(asked);
      const data = page.cases.map((one) => listedCaseJson(one, now));
      return answer({ data, next_cursor: page.nextCursor });
    },
  );
  const getRoute = route(
    {
      method: 'get',
      path: '/v1/cases/{id}',
      id: 'getCase',
      tag: 'Cases',
      summary: 'One case with reasons, signals, timeline, ring and similar accounts',
      access,
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'The case', schema: caseDetailReply } },
    },
    async ({ params, now }) => {
      const detail = await caseDetail(services, params.id, now);
      return detail === undefined ? err(problem('not_found')) : answer(detail);
    },
  );
  return [listRoute, getRoute];
}

function claimRoutes({ cases }: HttpServices): Route[] {
  const next = route(
    {
      method: 'post',
      path: '/v1/cases:next',
      id: 'claimNextCase',
      tag: 'Cases',
      summary: 'Claim the most urgent unclaimed case',
      description:
        'Every fourth call over all callers is given the single account that has waited longest, so that no flood of rings keeps honest people waiting. What is assigned to others is passed over, and what is escalated for all but seniors.',
      access,
      params: none,
      query: leaseQuery,
      replies: { ...claimReplies, 204: { description: 'The queue is empty' } },
    },
    async ({ actor, role, query, now }) => {
      const claim = await cases.claimNext(actor, now, { isSenior: isSenior(role), leaseMs: leaseOf(query) });
      return claim === undefined ? ok({ status: 204 }) : answer(claimJson(claim));
    },
  );
  const claim = route(
    { ...onCase('claim', { id: 'claimCase', summary: 'Claim this case', replies: claimReplies }), query: leaseQuery },
    async ({ params, actor, role, query, now }) =>
      claimed(await cases.claim(params.id, actor, now, { isSenior: isSenior(role), leaseMs: leaseOf(query) })),
  );
  const heartbeat = bodyRoute(
    {
      ...onCase('heartbeat', { id: 'keepCase', summary: 'Keep the lease', replies: claimReplies }),
      query: leaseQuery,
      body: tokenBody,
    },
    async ({ params, body, actor, query, now }) =>
      claimed(await cases.heartbeat(params.id, body.claim_token, actor, now, leaseOf(query))),
  );
  const unclaim = bodyRoute(
    { ...onCase('unclaim', { id: 'unclaimCase', summary: 'Give it back', replies: caseReplies }), body: tokenBody },
    async ({ params, body, actor, now }) => {
      const result = await cases.unclaim(params.id, body.claim_token, actor, now);
      return result.ok ? answer(caseJson(result.value)) : result;
    },
  );
  return [next, claim, heartbeat, unclaim];
}

function snooze({ cases }: HttpServices): Route {
  return bodyRoute(
    { ...onCase('snooze', { id: 'snoozeCase', summary: 'Put it off', replies: caseReplies }), body: snoozeBody },
    async ({ params, body, actor, now }) => {
      const until = Date.parse(body.until);
      if (until <= now || until > now + maxSnoozeMs) {
        const detail = 'expected a time within the next 30 days';
        return err(problem('invalid', { errors: [{ pointer: '/until', detail }] }));
      }
      const result = await cases.snooze(params.id, body.claim_token, until, actor, now);
      return result.ok ? answer(caseJson(result.value)) : result;
    },
  );
}

function workRoutes({ cases }: HttpServices): Route[] {
  const changeReplies = { 200: { description: 'What changed', schema: caseChangeReply } };
  const decide = bodyRoute(
    {
      ...onCase('decisions', {
        id: 'decideCase',
        summary: 'Approve, reject, or ask for another verification',
        description:
          'An approval reaches the gate after the undo window of 10 s, a rejection at once. An approval without `label` takes a `fraud` label of the account back as it reaches the gate: `honest` is recorded, source `case:` and the id of the case. To approve or reject the case of a whole ring (`whole_ring`) needs the role senior or admin (403 `forbidden`); whoever has its claim may ask for verification.',
        replies: changeReplies,
      }),
      body: decideBody,
    },
    async ({ params, body: { claim_token: claimToken, ...body }, actor, role, now }) => {
      const by = { actor, isSenior: isSenior(role), now };
      const result = await cases.decide({ ...body, ...by, caseId: params.id, claimToken });
      return result.ok ? answer(changeJson(result.value)) : result;
    },
  );
  const note = bodyRoute(
    {
      ...onCase('notes', {
        id: 'noteCase',
        summary: 'Add a note',
        replies: { 201: { description: 'The note', schema: timelineEntryReply } },
      }),
      body: noteBody,
    },
    async ({ params, body, actor, now }) => {
      const result = await cases.note(params.id, body.text, actor, now);
      return result.ok ? ok({ status: 201, json: entryJson(result.value) }) : result;
    },
  );
  const undo = route(
    onCase('undo', {
      id: 'undoCase',
      summary: 'Take a decision back within the undo window',
      description:
        'What was decided under a claim, while it is the last word on the account: once its access was changed by hand, by a verification or otherwise, this is 409 `conflict`. Whoever could not have decided the case does not take its decision back (403 `forbidden`): that of a whole ring or of an escalated case needs the role senior or admin, and that of an appeal another person than the one who held or denied the account.',
      replies: changeReplies,
    }),
    async ({ params, actor, role, now }) => {
      const result = await cases.undo(params.id, actor, now, { isSenior: isSenior(role) });
      return result.ok ? answer(changeJson(result.value)) : result;
    },
  );
  return [decide, note, undo];
}

export const caseRoutes = (services: HttpServices): Route[] => [
  ...readRoutes(services),
  ...claimRoutes(services),
  ...workRoutes(services),
  snooze(services),
];
