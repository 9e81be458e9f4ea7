import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { serviceKeyName, serviceRoles } from '../../model/service-key.js';
import type { HttpServices } from '../http-services.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { idParams, keyReply, listOf, newKeyReply } from '../schemas.js';
import { keyJson } from '../wire.js';

const createBody = jsonBody(z.strictObject({ role: z.enum(serviceRoles), name: serviceKeyName }), {
  example: { role: 'integration', name: 'signup service' },
});

const keyNameReply = z.strictObject({ id: z.string(), name: z.string() }).meta({ id: 'KeyName' });

const common = { tag: 'Keys', access: ['admin'], query: none } as const;

function listKeys({ serviceKeys }: HttpServices): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/keys',
      id: 'listKeys',
      summary: 'The keys, without their secrets',
      params: none,
      replies: { 200: { description: 'All keys, on one page', schema: listOf(keyReply) } },
    },
    async () => answer({ data: (await serviceKeys.list()).map(keyJson), next_cursor: null }),
  );
}

function listNames({ serviceKeys }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/keys:names',
      id: 'listKeyNames',
      tag: 'Keys',
      summary: 'What the keys are called, for whoever sees their ids beside cases and decisions',
      access: ['worker', 'reviewer', 'author', 'privacy'],
      params: none,
      query: none,
      replies: {
        200: {
          description: 'All keys, on one page; revoked ones have done things too',
          schema: listOf(keyNameReply),
          example: { data: [{ id: 'key_01JDA3Q5Z8K2M4N6P8R0S2T4V6', name: 'night shift' }], next_cursor: null },
        },
      },
    },
    async () => answer({ data: (await serviceKeys.list()).map(({ id, name }) => ({ id, name })), next_cursor: null }),
  );
}

function createKey({ serviceKeys }: HttpServices): Route {
  return bodyRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/keys',
      id: 'createKey',
      summary: 'Make a key; its secret is shown once',
      params: none,
      body: createBody,
      replies: { 201: { description: 'The key and its secret', schema: newKeyReply } },
    },
    async ({ body, actor }) => {
      const { key, secret } = await serviceKeys.create(body.role, body.name, actor);
      return ok({ status: 201, json: { ...keyJson(key), secret } });
    },
  );
}

function revokeKey({ serviceKeys }: HttpServices): Route {
  return route(
    {
      ...common,
      method: 'delete',
      path: '/v1/keys/{id}',
      id: 'revokeKey',
      summary: 'Revoke a key',
      description:
        'At once in this process, within 5 s in others; its sessions and what follows `/v1/live` with it end too.',
      params: idParams,
      problems: ['not_found'],
      replies: { 204: { description: 'Revoked' } },
    },
    async ({ params, actor }) => {
      const revoked = await serviceKeys.revoke(params.id, actor);
      return revoked ? ok({ status: 204 }) : err(problem('not_found'));
    },
  );
}

export const keyRoutes = (services: HttpServices): Route[] => [
  listKeys(services),
  listNames(services),
  createKey(services),
  revokeKey(services),
];
