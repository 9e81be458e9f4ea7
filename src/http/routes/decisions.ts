import { z } from 'zod';
import { callerId } from '../../model/caller-id.js';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import type { HttpServices } from '../http-services.js';
import { answer, none, type Route, route } from '../route.js';
import { cursorThat, idParams, isIdOf, listOf, pageQuery, storedDecisionReply } from '../schemas.js';
import { storedDecisionJson } from '../wire.js';

const listQuery = z.strictObject({
  account_id: callerId,
  limit: pageQuery.limit,
  cursor: cursorThat(isIdOf('dec')),
});

function readDecision({ decisions }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/decisions/{id}',
      id: 'getDecision',
      tag: 'Decisions',
      summary: 'A decision with every rule hit and the signals and features it saw',
      access: ['reviewer'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'The record', schema: storedDecisionReply } },
    },
    async ({ params }) => {
      const found = await decisions.byId(params.id);
      return found === undefined ? err(problem('not_found')) : answer(storedDecisionJson(found));
    },
  );
}

function listDecisions({ decisions }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/decisions',
      id: 'listDecisions',
      tag: 'Decisions',
      summary: "An account's decisions, newest first",
      access: ['reviewer'],
      params: none,
      query: listQuery,
      replies: { 200: { description: 'A page', schema: listOf(storedDecisionReply) } },
    },
    async ({ query: { account_id, limit, cursor } }) => {
      // One more than asked for tells whether there is a next page.
      const found = await decisions.byAccount(account_id, { limit: limit + 1, before: cursor });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return answer({ data: page.map(storedDecisionJson), next_cursor: last?.decision.id ?? null });
    },
  );
}

export const decisionRoutes = (services: HttpServices): Route[] => [readDecision(services), listDecisions(services)];
