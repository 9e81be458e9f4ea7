import type {
  DeliveryState,
  DisabledReason,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEvent,
} from '../../outbox/webhooks.js';

export interface EndpointRow {
  id: string;
  url: string;
  description: string;
  events: WebhookEvent[];
  former_until: Date | null;
  disabled_because: DisabledReason | null;
  created_at: Date;
  created_by: string;
}

export interface DeliveryRow {
  id: string;
  endpoint_id: string;
  message_id: string;
  event: WebhookEvent;
  payload: Record<string, unknown>;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: Date | null;
  last_status: number | null;
  last_error: string | null;
  created_at: Date;
  finished_at: Date | null;
}

/** What of an endpoint is shown: never its secrets. */
export const endpointColumns = 'id, url, description, events, former_until, disabled_because, created_at, created_by';

export const endpointOf = (row: EndpointRow): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: row.events,
  disabledBecause: row.disabled_because,
  createdAt: row.created_at.getTime(),
  createdBy: row.created_by,
  formerSecretUntil: row.former_until?.getTime() ?? null,
});

export const deliveryOf = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  endpointId: row.endpoint_id,
  messageId: row.message_id,
  event: row.event,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.next_attempt_at?.getTime() ?? null,
  lastStatus: row.last_status,
  lastError: row.last_error,
  createdAt: row.created_at.getTime(),
  finishedAt: row.finished_at?.getTime() ?? null,
  payload: row.payload,
});

const told = (kind: string, subject: string, detail: string, actor: string): string => `told as (
    insert into audit (at, actor, kind, subject, detail)
    select ${actor}, '${kind}', c.${subject}, ${detail} from changed c
  )`;

/** `$1` is the time and `$2` the actor of a change that a person makes. */
const audited = (kind: string, change: string, subject = 'id', detail = `'{}'::jsonb`): string =>
  `with changed as (${change}), ${told(kind, subject, detail, '$1::timestamptz, $2')} select * from changed`;

export const changeSql = audited(
  'webhook.endpoint_changed',
  `update webhook_endpoints set url = coalesce($4, url), description = coalesce($5, description),
     events = coalesce($6::text[], events), disabled_because = case when $7 then $8 else disabled_because end
   where id = $3 returning ${endpointColumns}`,
  'id',
  `jsonb_build_object('events', c.events, 'disabled_because', c.disabled_because)`,
);

export const rotateSql = audited(
  'webhook.secret_rotated',
  `update webhook_endpoints set former_secret = secret, former_until = $5, secret = $4
   where id = $3 returning ${endpointColumns}`,
);

export const addSql = audited(
  'webhook.endpoint_added',
  `insert into webhook_endpoints (id, url, description, events, secret, created_at, created_by)
   values ($3, $4, $5, $6::text[], $7, $1, $2) returning ${endpointColumns}`,
  'id',
  `jsonb_build_object('events', c.events)`,
);

export const removeSql = audited(
  'webhook.endpoint_removed',
  'delete from webhook_endpoints where id = $3 returning id',
);

export const retrySql = audited(
  'webhook.delivery_retried',
  `update webhook_deliveries set state = 'pending', next_attempt_at = $1, finished_at = null, first_attempt_at = null
   where id = $3 returning *`,
  'endpoint_id',
  `jsonb_build_object('delivery_id', c.id)`,
);

export const disableSql = audited(
  'webhook.endpoint_disabled',
  'update webhook_endpoints set disabled_because = $4 where id = $3 and disabled_because is null returning id',
  'id',
  `jsonb_build_object('because', $4::text)`,
);

/** An endpoint may have been disabled or removed in between. */
export const enqueueSql = `insert into webhook_deliveries
    (id, endpoint_id, message_id, event, payload, next_attempt_at, created_at)
  select t.id, e.id, t.message, t.event, t.payload, now(), t.at
  from jsonb_to_recordset($1::jsonb) t
    (id text, endpoint text, message text, event text, payload jsonb, at timestamptz)
  join webhook_endpoints e on e.id = t.endpoint and e.disabled_because is null
  on conflict (endpoint_id, message_id) do nothing`;

/** An endpoint that another instance is taking from just now has its turn next time. */
export const takeSql = `with open as (
    select id from webhook_endpoints where disabled_because is null for update skip locked
  ),
  due as (
    select d.id from open o
    cross join lateral (
      select w.id from webhook_deliveries w
      where w.endpoint_id = o.id and w.state = 'pending' and w.next_attempt_at <= now()
        and (w.lease_until is null or w.lease_until <= now())
      order by w.next_attempt_at, w.id
      limit greatest(0, $2 - (
        select count(*) from webhook_deliveries f
        where f.endpoint_id = o.id and f.state = 'pending' and f.lease_until > now()))
      for update skip locked
    ) d
    limit $1
  )
  update webhook_deliveries w set attempts = w.attempts + 1, lease_until = now() + $3 * interval '1 millisecond',
    first_attempt_at = coalesce(w.first_attempt_at, now())
  from due, webhook_endpoints e
  where w.id = due.id and e.id = w.endpoint_id
  returning w.*, e.url, e.secret, case when e.former_until > now() then e.former_secret end as former_secret`;

export const finishSql = `update webhook_deliveries set
    state = case when $2 then 'delivered' when $5::timestamptz is null then 'failed' else 'pending' end,
    last_status = $3, last_error = $4, next_attempt_at = $5, lease_until = null,
    finished_at = case when $2 or $5::timestamptz is null then now() end
  where id = $1`;
