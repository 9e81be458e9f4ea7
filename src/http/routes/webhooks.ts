import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import { deliveryStates, type WebhookDelivery, type WebhookEndpoint, webhookEvents } from '../../outbox/webhooks.js';
import type { HttpServices } from '../http-services.js';
import { newWebhookEndpointReply, webhookDeliveryReply, webhookEndpointReply } from '../integration-schemas.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { cursorThat, idParams, isIdOf, listOf, pageQuery } from '../schemas.js';

const url = z.string().min(1).max(2000);
const description = z.string().max(500);
const events = z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length);
const exampleUrl = 'https://hooks.example.com/portcullis';

const createBody = jsonBody(z.strictObject({ url, events, description: description.default('') }), {
  example: { url: exampleUrl, events: ['case.opened', 'case.decided'], description: 'ticket system' },
});

const changeBody = jsonBody(
  z.strictObject({
    url: url.optional(),
    events: events.optional(),
    description: description.optional(),
    enabled: z.boolean().optional(),
  }),
  { example: { enabled: false } },
);

const isoOrNull = (at: number | null): string | null => (at === null ? null : toIso(at));

const endpointJson = (endpoint: WebhookEndpoint) => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  events: endpoint.events,
  enabled: endpoint.disabledBecause === null,
  disabled_because: endpoint.disabledBecause,
  created_at: toIso(endpoint.createdAt),
  created_by: endpoint.createdBy,
  former_secret_until: isoOrNull(endpoint.formerSecretUntil),
});

const deliveryJson = (delivery: WebhookDelivery) => ({
  id: delivery.id,
  endpoint: delivery.endpointId,
  message_id: delivery.messageId,
  event: delivery.event,
  state: delivery.state,
  attempts: delivery.attempts,
  next_attempt_at: isoOrNull(delivery.nextAttemptAt),
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  created_at: toIso(delivery.createdAt),
  finished_at: isoOrNull(delivery.finishedAt),
  payload: delivery.payload,
});

const common = { tag: 'Webhooks', access: ['admin'] } as const;
const onOne = { ...common, params: idParams, query: none, problems: ['not_found'] } as const;
const endpoints = '/v1/webhook-endpoints';
const endpointReplies = { 200: { description: 'The endpoint', schema: webhookEndpointReply } };

function readRoutes({ webhooks }: HttpServices): Route[] {
  const list = route(
    {
      ...common,
      method: 'get',
      path: endpoints,
      id: 'listWebhookEndpoints',
      summary: 'Where messages go',
      params: none,
      query: none,
      replies: { 200: { description: 'All endpoints, on one page', schema: listOf(webhookEndpointReply) } },
    },
    async () => answer({ data: (await webhooks.endpoints()).map(endpointJson), next_cursor: null }),
  );
  const one = route(
    {
      ...onOne,
      method: 'get',
      path: `${endpoints}/{id}`,
      id: 'getWebhookEndpoint',
      summary: 'One endpoint',
      replies: endpointReplies,
    },
    async ({ params }) => {
      const found = await webhooks.endpoint(params.id);
      return found === undefined ? err(problem('not_found')) : answer(endpointJson(found));
    },
  );
  return [list, one];
}

function create({ webhookDesk }: HttpServices): Route {
  return bodyRoute(
    {
      ...common,
      method: 'post',
      path: endpoints,
      id: 'createWebhookEndpoint',
      summary: 'Have messages sent to an address; its secret is shown once',
      description:
        'Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. Only https, and only to the public internet.',
      params: none,
      query: none,
      body: createBody,
      problems: ['conflict'],
      replies: { 201: { description: 'The endpoint and its secret', schema: newWebhookEndpointReply } },
    },
    async ({ body, actor, now }) => {
      const created = await webhookDesk.create({ ...body, actor, now });
      if (!created.ok) return created;
      const { endpoint, secret } = created.value;
      return ok({ status: 201, json: { ...endpointJson(endpoint), secret } });
    },
  );
}

function change({ webhookDesk }: HttpServices): Route {
  return bodyRoute(
    {
      ...onOne,
      method: 'post',
      path: `${endpoints}/{id}`,
      id: 'changeWebhookEndpoint',
      summary: 'Change an endpoint, disable it, or enable it again',
      description:
        'What is not given stays as it is. Messages of a disabled endpoint wait; new ones are not made for it.',
      body: changeBody,
      replies: endpointReplies,
    },
    async ({ params, body: { enabled, ...rest }, actor, now }) => {
      const disabledBecause = enabled === undefined ? undefined : enabled ? null : ('by_hand' as const);
      const changed = await webhookDesk.change(params.id, { ...rest, disabledBecause }, { actor, now });
      return changed.ok ? answer(endpointJson(changed.value)) : changed;
    },
  );
}

function secretRoutes({ webhooks, webhookDesk }: HttpServices): Route[] {
  const rotate = route(
    {
      ...onOne,
      method: 'post',
      path: `${endpoints}/{id}/rotate`,
      id: 'rotateWebhookSecret',
      summary: 'Make a new secret; the former one goes on signing beside it for 24 hours',
      replies: { 200: { description: 'The endpoint and its new secret', schema: newWebhookEndpointReply } },
    },
    async ({ params, actor, now }) => {
      const rotated = await webhookDesk.rotate(params.id, { actor, now });
      if (!rotated.ok) return rotated;
      return answer({ ...endpointJson(rotated.value.endpoint), secret: rotated.value.secret });
    },
  );
  const remove = route(
    {
      ...onOne,
      method: 'delete',
      path: `${endpoints}/{id}`,
      id: 'removeWebhookEndpoint',
      summary: 'Remove an endpoint and its deliveries',
      replies: { 204: { description: 'Removed' } },
    },
    async ({ params, actor, now }) =>
      (await webhooks.remove(params.id, { actor, now })) ? ok({ status: 204 }) : err(problem('not_found')),
  );
  return [rotate, remove];
}

function deliveryRoutes({ webhooks }: HttpServices): Route[] {
  const list = route(
    {
      ...common,
      method: 'get',
      path: '/v1/webhook-deliveries',
      id: 'listWebhookDeliveries',
      summary: 'Messages and what became of them, newest first',
      params: none,
      query: z.strictObject({
        endpoint: idParams.shape.id.optional(),
        state: z.enum(deliveryStates).optional(),
        limit: pageQuery.limit,
        cursor: cursorThat(isIdOf('msg')),
      }),
      replies: { 200: { description: 'A page', schema: listOf(webhookDeliveryReply) } },
    },
    async ({ query: { endpoint, state, limit, cursor } }) => {
      const found = await webhooks.deliveries({ endpointId: endpoint, state, before: cursor, limit: limit + 1 });
      const page = found.slice(0, limit);
      const next = found.length > limit ? (page.at(-1)?.id ?? null) : null;
      return answer({ data: page.map(deliveryJson), next_cursor: next });
    },
  );
  const retry = route(
    {
      ...onOne,
      method: 'post',
      path: '/v1/webhook-deliveries/{id}/retry',
      id: 'retryWebhookDelivery',
      summary: 'Send a message once more, now, under the same id',
      replies: { 200: { description: 'The delivery, due', schema: webhookDeliveryReply } },
    },
    async ({ params, actor, now }) => {
      const due = await webhooks.retry(params.id, { actor, now });
      return due === undefined ? err(problem('not_found')) : answer(deliveryJson(due));
    },
  );
  return [list, retry];
}

export const webhookRoutes = (services: HttpServices): Route[] => [
  ...readRoutes(services),
  create(services),
  change(services),
  ...secretRoutes(services),
  ...deliveryRoutes(services),
];
