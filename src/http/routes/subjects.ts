import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { erasureReply, subjectRecordReply } from '../integration-schemas.js';
import { answer, none, type Route, route } from '../route.js';
import { idParams } from '../schemas.js';
import { subjectJson } from '../subject-json.js';

const params = z.strictObject({ account_id: idParams.shape.id });
const common = { tag: 'Privacy', access: ['privacy'], params, query: none, problems: ['not_found'] } as const;

export const subjectRoutes = ({ subjects }: HttpServices): Route[] => [
  route(
    {
      ...common,
      method: 'delete',
      path: '/v1/subjects/{account_id}',
      id: 'eraseSubject',
      summary: 'Erase what identifies the person behind an account',
      description:
        'Events become unreadable, memory and notes are emptied. Decisions, access and labels stay, under the account id and with hashed identifiers. The same again erases what has come since.',
      replies: { 200: { description: 'What was erased, and what stays and why', schema: erasureReply } },
    },
    async ({ params: { account_id }, actor, now }) => {
      const done = await subjects.erase(account_id, { actor, now });
      if (done === undefined) return err(problem('not_found'));
      return answer({ account_id, erased: done.erased, kept: done.kept });
    },
  ),
  route(
    {
      ...common,
      method: 'get',
      path: '/v1/subjects/{account_id}/export',
      id: 'exportSubject',
      summary: 'Everything that is stored about an account',
      description:
        'All of it, however much: it is read from the stores while it is sent. Where that fails on the way the connection is cut, and what has come is no whole JSON document. What is written meanwhile may be in it.',
      replies: { 200: { description: 'The records, identifiers in the clear', schema: subjectRecordReply } },
    },
    async ({ params: { account_id }, actor, now }) => {
      const found = await subjects.export(account_id, { actor, now });
      if (found === undefined) return err(problem('not_found'));
      return ok({ status: 200, pieces: subjectJson(found, toIso(now)) });
    },
  ),
];
