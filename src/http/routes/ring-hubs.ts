import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import { exampleRing } from '../examples.js';
import type { HttpServices } from '../http-services.js';
import { hubMarkJson, hubMarkReply } from '../ring-decision-json.js';
import { answer, bodyRoute, jsonBody, none, type Route, type RouteInfo, route } from '../route.js';
import { idParams, listOf, reasonText } from '../schemas.js';

const keySchema = z
  .string()
  .regex(/^[0-9a-f]{10,16}$/)
  .describe('As the graph of the ring names it.');
const bodySchema = z.strictObject({ key: keySchema, reason: reasonText });
const keyParams = idParams.extend({ key: keySchema });

const exampleMark = {
  ring_id: exampleRing.id,
  link: 'card',
  key: '5be0c2719d',
  reason: 'the card of a reseller',
  actor: 'key_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  at: '2026-11-21T02:20:11.402Z',
  removed_by: null,
  removed_at: null,
};

const replies: RouteInfo['replies'] = {
  200: { description: 'The mark', schema: hubMarkReply, example: exampleMark },
};

function mark({ ringHubs }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/rings/{id}/hubs',
      id: 'markRingHub',
      tag: 'Rings',
      summary: 'Say that a key is shared by right: it links nobody any more',
      description: 'Within about two seconds the rings are built again without it. It stands until it is taken away.',
      access: ['senior'],
      params: idParams,
      query: none,
      body: jsonBody(bodySchema, { example: { key: exampleMark.key, reason: exampleMark.reason } }),
      problems: ['not_found', 'conflict'],
      replies,
    },
    async ({ params, body, actor }) => {
      const marked = await ringHubs.mark({ ...body, ringId: params.id, actor });
      return marked.ok ? answer(hubMarkJson(marked.value)) : marked;
    },
  );
}

function unmark({ ringHubs }: HttpServices): Route {
  return route(
    {
      method: 'delete',
      path: '/v1/rings/{id}/hubs/{key}',
      id: 'unmarkRingHub',
      tag: 'Rings',
      summary: 'Take the mark of a key away: it links again',
      access: ['senior'],
      params: keyParams,
      query: none,
      problems: ['not_found'],
      replies,
    },
    async ({ params, actor }) => {
      const removed = await ringHubs.unmark({ ringId: params.id, key: params.key, actor });
      return removed.ok ? answer(hubMarkJson(removed.value)) : removed;
    },
  );
}

function list({ rings, ringHubs }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rings/{id}/hubs',
      id: 'listRingHubs',
      tag: 'Rings',
      summary: 'Keys of the ring that people marked as hubs',
      access: ['reviewer'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: {
        200: {
          description: 'The newest first, those that were taken away too',
          schema: listOf(hubMarkReply),
          example: { data: [exampleMark], next_cursor: null },
        },
      },
    },
    async ({ params }) => {
      const ring = await rings.get(params.id);
      if (ring === undefined) return err(problem('not_found'));
      return answer({ data: (await ringHubs.list(ring.id)).map(hubMarkJson), next_cursor: null });
    },
  );
}

export const ringHubRoutes = (services: HttpServices): Route[] => [list(services), mark(services), unmark(services)];
