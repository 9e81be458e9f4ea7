import { z } from 'zod';
import { parseCaseCursor } from '../../cases/case-cursor.js';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import { type RingRecord, ringSort, ringStates } from '../../rings/ring-records.js';
import { exampleRing, exampleRingDetail, exampleRingGraph, exampleRingMember } from '../examples.js';
import type { HttpServices } from '../http-services.js';
import { wholeNumber } from '../query-values.js';
import { ringDetailJson, ringGraphJson, ringJson, ringMembersJson } from '../ring-json.js';
import { memberCursorMost, parseMemberCursor } from '../ring-member-cursor.js';
import { ringDetailReply, ringGraphReply, ringMemberReply, ringReply } from '../ring-schemas.js';
import { answer, none, type Route, type RouteInfo, route } from '../route.js';
import { cursorThat, idParams, listOf, pageQuery } from '../schemas.js';

const access = ['reviewer'] as const;
const ofOther = 'The id of a ring that went into another names that other.';

const listQuery = z.strictObject({
  state: z.enum(ringStates).optional(),
  min_size: wholeNumber(0, 10_000).prefault(2).describe('Rings of at least this many accounts.'),
  limit: pageQuery.limit,
  cursor: cursorThat((text) => parseCaseCursor(text)?.sort === ringSort),
});

function list({ rings }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rings',
      id: 'listRings',
      tag: 'Rings',
      summary: 'Accounts linked by what they share, the largest rings first',
      access,
      params: none,
      query: listQuery,
      replies: {
        200: {
          description: 'A page',
          schema: listOf(ringReply),
          example: { data: [exampleRing], next_cursor: null },
        },
      },
    },
    async ({ query: { min_size, ...filter } }) => {
      const page = await rings.list({ ...filter, minSize: min_size });
      return answer({ data: page.rings.map(ringJson), next_cursor: page.nextCursor });
    },
  );
}

const membersQuery = z.strictObject({
  limit: pageQuery.limit,
  cursor: cursorThat((text) => parseMemberCursor(text) !== undefined, memberCursorMost),
});

function members({ rings }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rings/{id}/members',
      id: 'listRingMembers',
      tag: 'Rings',
      summary: 'Who is in a ring, the oldest members first',
      description: ofOther,
      access,
      params: idParams,
      query: membersQuery,
      problems: ['not_found'],
      replies: {
        200: {
          description: 'A page',
          schema: listOf(ringMemberReply),
          example: { data: [exampleRingMember], next_cursor: null },
        },
      },
    },
    async ({ params, query }) => {
      const ring = await rings.get(params.id);
      return ring === undefined ? err(problem('not_found')) : answer(await ringMembersJson(ring, rings, query));
    },
  );
}

type Info = Pick<RouteInfo, 'path' | 'id' | 'summary' | 'replies'>;

/** A ring that went into another is answered as that other. */
const onRing = (services: HttpServices, info: Info, show: (ring: RingRecord) => Promise<unknown>): Route =>
  route(
    {
      ...info,
      method: 'get',
      tag: 'Rings',
      description: ofOther,
      access,
      params: idParams,
      query: none,
      problems: ['not_found'],
    },
    async ({ params }) => {
      const ring = await services.rings.get(params.id);
      return ring === undefined ? err(problem('not_found')) : answer(await show(ring));
    },
  );

export const ringRoutes = (services: HttpServices): Route[] => [
  list(services),
  onRing(
    services,
    {
      path: '/v1/rings/{id}',
      id: 'getRing',
      summary: 'One ring: what holds it together, who is in it, what was done about it',
      replies: { 200: { description: 'The ring', schema: ringDetailReply, example: exampleRingDetail } },
    },
    (ring) => ringDetailJson(ring, services.rings),
  ),
  members(services),
  onRing(
    services,
    {
      path: '/v1/rings/{id}/graph',
      id: 'getRingGraph',
      summary: 'Its oldest accounts and the keys that they share, at most 200 of each',
      replies: { 200: { description: 'Nodes and edges', schema: ringGraphReply, example: exampleRingGraph } },
    },
    (ring) => ringGraphJson(ring, services.rings),
  ),
];
