import { z } from 'zod';
import { type Appeal, maxAppealLength } from '../../cases/appeal.js';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { idParams } from '../schemas.js';

const appealBody = jsonBody(
  z.strictObject({ account_id: z.string().min(1).max(256), message: z.string().min(1).max(maxAppealLength) }),
  {
    example: { account_id: 'acct_9134', message: 'I share the office with my colleagues.' },
    cards: { ids: new Set(['/account_id']), phones: new Set<string>() },
  },
);

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

/** Another look, by another person than who denied the account; its case says which appeal it is about. */
export const appealRoutes = ({ verification: { appeals } }: HttpServices): Route[] => [
  bodyRoute(
    {
      method: 'post',
      path: '/v1/appeals',
      id: 'makeAppeal',
      tag: 'Appeals',
      summary: 'Ask for another look at a held or denied account',
      description:
        'Once in 30 days. A denied account is held again, with a case that whoever denied it may not decide.',
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
