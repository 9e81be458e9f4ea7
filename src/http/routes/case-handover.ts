import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import type { ServiceRole } from '../../model/service-key.js';
import type { HttpServices } from '../http-services.js';
import { isSenior, mayCall } from '../roles.js';
import { answer, bodyRoute, jsonBody, none, type Route } from '../route.js';
import { caseReply, idParams, reasonText } from '../schemas.js';
import { caseJson } from '../wire.js';

const workers = ['worker', 'reviewer'] as const;
const replies = { 200: { description: 'The case', schema: caseReply } };

const escalateBody = jsonBody(z.strictObject({ reason: reasonText }), {
  example: { reason: 'the documents contradict each other' },
});

const assignBody = jsonBody(z.strictObject({ to: z.string().min(1).max(256).nullable() }), {
  example: { to: null },
  cards: { ids: new Set(['/to']), phones: new Set<string>() },
});

function escalate({ cases }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/cases/{id}/escalate',
      id: 'escalateCase',
      tag: 'Cases',
      summary: 'Leave it to a senior',
      description: 'Ends the claim of the caller. From then on a senior alone is given the case, or may claim it.',
      access: workers,
      params: idParams,
      query: none,
      problems: ['not_found', 'conflict'],
      replies,
      body: escalateBody,
    },
    async ({ params, body, actor, now }) => {
      const result = await cases.escalate({ caseId: params.id, reason: body.reason, actor, now });
      return result.ok ? answer(caseJson(result.value)) : result;
    },
  );
}

/** Of a key alive that may decide cases. */
async function roleOf({ serviceKeys }: HttpServices, id: string): Promise<ServiceRole | undefined> {
  const keys = await serviceKeys.list();
  return keys.find((key) => key.id === id && key.revokedAt === null && mayCall(key.role, workers))?.role;
}

function assign(services: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/cases/{id}/assign',
      id: 'assignCase',
      tag: 'Cases',
      summary: 'Give it to somebody, or to all again',
      description:
        '`to` is the id of a key with the role worker, reviewer, senior or admin; null gives the case back to all. The next case of others passes it over; anyone may still claim it by its id. Refused where that key could not be given it: an escalated case is for seniors, an appeal is not for whoever held or denied the account.',
      access: ['reviewer'],
      params: idParams,
      query: none,
      problems: ['not_found', 'conflict'],
      replies,
      body: assignBody,
    },
    async ({ params, body: { to }, actor, role, now }) => {
      const roleOfTo = to === null || to === actor ? role : await roleOf(services, to);
      if (roleOfTo === undefined) {
        const detail = 'expected the id of a key that may decide cases';
        return err(problem('invalid', { errors: [{ pointer: '/to', detail }] }));
      }
      const result = await services.cases.assign({ caseId: params.id, to, toSenior: isSenior(roleOfTo), actor, now });
      return result.ok ? answer(caseJson(result.value)) : result;
    },
  );
}

/** Cases that somebody else is to decide. */
export const caseHandoverRoutes = (services: HttpServices): Route[] => [escalate(services), assign(services)];
