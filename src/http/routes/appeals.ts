import { z } from 'zod';
import { type Appeal, appealStates, type ListedAppeal, maxAppealLength } from '../../cases/appeal.js';
import { callerId } from '../../model/caller-id.js';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { storableText } from '../../model/storable-text.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { idParams, listOf, pageQuery, said } from '../schemas.js';

const appealBody = jsonBody(z.strictObject({ account_id: callerId, message: said(maxAppealLength) }), {
  example: { account_id: 'acct_9134', message: 'I share the office with my colleagues.' },
  cards: { ids: new Set(['/account_id']), phones: new Set<string>() },
});

const appealReply = z.strictObject({
  id: z.string(),
  account_id: z.string(),
  case_id: z.string().nullable(),
  appealed_at: z.iso.datetime(),
  message: z.string().nullable().describe('Written by a stranger: show it as text only. Null once it was erased.'),
});

const appealJson = ({ id, accountId, caseId, appealedAt, message }: Appeal) => ({
  id,
  account_id: accountId,
  case_id: caseId,
  appealed_at: toIso(appealedAt),
  message: message ?? null,
});

const listedReply = appealReply
  .extend({
    status: z.enum(appealStates).describe('`open` until somebody has decided about the account since.'),
    barred_actor: z.string().nullable().describe('Who held or denied the account: the appeal is for another person.'),
    decided_by: z.string().nullable(),
  })
  .meta({ id: 'ListedAppeal' });

const listedJson = ({ status, barredActor, decidedBy, ...appeal }: ListedAppeal) => ({
  ...appealJson(appeal),
  status,
  barred_actor: barredActor,
  decided_by: decidedBy,
});

const appealList = z.strictObject({
  ...pageQuery,
  status: z.enum(appealStates).optional(),
  account_id: storableText(256).optional(),
  case_id: storableText(128).optional(),
  cursor: z
    .string()
    .regex(/^appeal_[0-9A-Z]{26}$/)
    .optional()
    .describe('`next_cursor` of the page before.'),
});

/** Another look, by another person than who held or denied the account; its case says which appeal it is about. */
export const appealRoutes = ({ verification: { appeals } }: HttpServices): Route[] => [
  bodyRoute(
    {
      method: 'post',
      path: '/v1/appeals',
      id: 'makeAppeal',
      tag: 'Appeals',
      summary: 'Ask for another look at a held or denied account',
      description:
        'Once in 30 days. A denied account is held again, with a case of its own. Whoever held or denied the account may not decide about it again.',
      access: ['privacy'],
      params: none,
      query: none,
      body: appealBody,
      problems: ['not_found', 'conflict'],
      replies: { 201: { description: 'The appeal', schema: appealReply } },
    },
    async ({ body, actor, now }) => {
      const made = await appeals.make({ accountId: body.account_id, message: body.message, actor, now });
      return made.ok ? ok({ status: 201, json: appealJson(made.value) }) : made;
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/appeals',
      id: 'listAppeals',
      tag: 'Appeals',
      summary: 'Appeals, the newest first',
      access: ['reviewer', 'privacy'],
      params: none,
      query: appealList,
      replies: { 200: { description: 'A page', schema: listOf(listedReply) } },
    },
    async ({ query: { account_id, case_id, cursor, limit, status } }) => {
      const filter = { status, accountId: account_id, caseId: case_id, before: cursor, limit: limit + 1 };
      const found = await appeals.list(filter);
      const page = found.slice(0, limit);
      return answer({
        data: page.map(listedJson),
        next_cursor: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      });
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/appeals/{id}',
      id: 'getAppeal',
      tag: 'Appeals',
      summary: 'What was said in an appeal',
      access: ['reviewer', 'privacy'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'The appeal', schema: appealReply } },
    },
    async ({ params: { id } }) => {
      const found = await appeals.get(id);
      return found === undefined ? err(problem('not_found')) : answer(appealJson(found));
    },
  ),
];
