import type { OutboxItem, OutboxKind } from './outbox.js';
import type { WebhookEvent, WebhookMessage } from './webhooks.js';

interface Told {
  readonly event: WebhookEvent;
  /** What of the payload goes out: ids and coarse words, never an identifier of a person. */
  readonly fields: readonly string[];
}

/** What is told outside; the other kinds are nobody else's business. */
const told: Readonly<Partial<Record<OutboxKind, Told>>> = {
  decision_created: {
    event: 'decision.created',
    fields: ['decision_id', 'event_id', 'account_id', 'type', 'outcome', 'score', 'ruleset'],
  },
  access_changed: {
    event: 'account.access_changed',
    fields: ['account_id', 'from', 'to', 'version', 'cause', 'case_id', 'ring_id', 'decision_id', 'requests_per_day'],
  },
  case_opened: { event: 'case.opened', fields: ['case_id', 'account_id', 'reason', 'version'] },
  case_decided: {
    event: 'case.decided',
    fields: ['case_id', 'account_id', 'ring_id', 'decision', 'decided_by', 'version'],
  },
  case_breached: { event: 'case.breached', fields: ['case_id', 'account_id', 'reason', 'due_at'] },
  ring_detected: { event: 'ring.detected', fields: ['ring_id', 'decision_id', 'batch_id'] },
  ruleset_loaded: { event: 'ruleset.loaded', fields: ['version', 'hash'] },
  verification_requested: { event: 'verification.requested', fields: ['case_id', 'account_id', 'methods', 'version'] },
  rule_fuse_blown: { event: 'rule.fuse_blown', fields: ['rule', 'hits', 'events', 'blown_at'] },
  budget_exceeded: {
    event: 'budget.exceeded',
    fields: ['at', 'evaluated', 'held', 'honest', 'held_share', 'limit', 'over_s', 'rules'],
  },
};

/** Undefined: nobody outside is told of it. The same item always makes the same message. */
export function webhookMessage({ id, kind, payload, createdAt }: OutboxItem): WebhookMessage | undefined {
  const known = told[kind];
  if (known === undefined) return undefined;
  const fields = known.fields.flatMap((name) => (payload[name] === undefined ? [] : [[name, payload[name]] as const]));
  return {
    id: `evt_${Math.floor(createdAt).toString(36)}_${id}`,
    event: known.event,
    at: createdAt,
    payload: Object.fromEntries(fields),
  };
}
