import { z } from 'zod';
import { deliveryStates, disabledReasons, webhookEvents } from '../outbox/webhooks.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');
const kind = z.enum(['value', 'cidr', 'asn']);

export const listReply = z
  .strictObject({
    name: z.string(),
    kind,
    size: z.number().int().describe('Entries that rules see: those of the file and those that were added.'),
    added: z.number().int().describe('Added entries that are in use.'),
    pending: z.number().int().describe('Added entries that wait for somebody else to confirm them.'),
    file: z.string().nullable().describe('Relative to the rules directory; null for a built-in list without a file.'),
    source: z.string(),
    date: z.string(),
    four_eyes: z.boolean().describe('Accounts are let through by it: what one adds, another has to confirm.'),
    read_by: z.array(z.string()).describe('Rules whose condition or exceptions read it.'),
  })
  .meta({ id: 'List' });

export const listEntryReply = z
  .strictObject({
    id: z.string().nullable().describe('Null for an entry of the file.'),
    list: z.string(),
    value: z.string().describe('As it was given.'),
    from: z.enum(['file', 'service']),
    line: z.number().int().nullable().describe('Where the file has it.'),
    state: z.enum(['active', 'pending']),
    reason: z.string().nullable(),
    added_by: z.string().nullable().describe('Id of the key.'),
    added_at: time.nullable(),
    expires_at: time.nullable(),
    confirmed_by: z.string().nullable(),
    confirmed_at: time.nullable(),
  })
  .meta({ id: 'ListEntry' });

const webhookEvent = z.enum(webhookEvents);

export const webhookEndpointReply = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    events: z.array(webhookEvent),
    enabled: z.boolean(),
    disabled_because: z
      .enum(disabledReasons)
      .nullable()
      .describe('`gone`: it answered 410; `unreachable`: a message could not be delivered for a day.'),
    created_at: time,
    created_by: z.string(),
    former_secret_until: time.nullable().describe('Until then messages are signed with the former secret as well.'),
  })
  .meta({ id: 'WebhookEndpoint' });

export const newWebhookEndpointReply = webhookEndpointReply
  .extend({ secret: z.string().describe('`whsec_…`: shown this once.') })
  .meta({ id: 'NewWebhookEndpoint' });

export const webhookDeliveryReply = z
  .strictObject({
    id: z.string(),
    endpoint: z.string(),
    message_id: z.string().describe('`webhook-id`: the same on every try.'),
    event: webhookEvent,
    state: z.enum(deliveryStates),
    attempts: z.number().int(),
    next_attempt_at: time.nullable(),
    last_status: z.number().int().nullable().describe('What the endpoint answered last.'),
    last_error: z.string().nullable().describe('Why there was no answer, as a word.'),
    created_at: time,
    finished_at: time.nullable(),
    payload: z.record(z.string(), z.unknown()).describe('`data` of the message.'),
  })
  .meta({ id: 'WebhookDelivery' });

export const auditEntryReply = z
  .strictObject({
    seq: z.number().int(),
    at: time,
    actor: z.string().describe('Id of the key, or `system`.'),
    kind: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

export const auditReportReply = z
  .strictObject({
    ok: z.boolean(),
    rows: z.number().int(),
    sealed: z.number().int(),
    unsealed: z.number().int().describe('Younger than the last sealing.'),
    erased: z.number().int().describe('Changed by an erasure that tells of them.'),
    erasures: z.array(z.strictObject({ by: z.number().int(), rows: z.number().int() })),
    head: z.string().nullable().describe('`COUNT:LINK`; note it elsewhere.'),
    compared_with: z.array(z.string()).describe('Whose heads the end was compared with.'),
    problems: z.array(
      z.strictObject({
        seq: z.number().int().nullable(),
        kind: z.enum(['changed', 'missing', 'order', 'added', 'link', 'tail_cut', 'head']),
        detail: z.string(),
      }),
    ),
    truncated: z.boolean().describe('There are more problems than are told.'),
  })
  .meta({ id: 'AuditReport' });

const part = { what: z.string(), count: z.number().int() };

export const erasureReply = z
  .strictObject({
    account_id: z.string(),
    erased: z.array(z.strictObject(part)),
    kept: z.array(z.strictObject({ ...part, why: z.string() })),
  })
  .meta({ id: 'Erasure' });

export const subjectRecordReply = z
  .looseObject({ account_id: z.string(), exported_at: time })
  .meta({ id: 'SubjectRecord', description: 'Everything that is stored about an account, by kind of record.' });
