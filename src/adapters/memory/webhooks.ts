import type { Clock, Instant } from '../../model/time.js';
import type {
  DeliveryQuery,
  DeliveryResult,
  DisabledReason,
  EndpointChange,
  TakenDelivery,
  WebhookActor,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookMessage,
  Webhooks,
} from '../../outbox/webhooks.js';

interface Kept {
  endpoint: WebhookEndpoint;
  secret: string;
  former: string | null;
}

interface Sent {
  delivery: WebhookDelivery;
  leaseUntil: Instant;
}

/** Gone with the process. */
export class MemoryWebhooks implements Webhooks {
  private readonly kept = new Map<string, Kept>();
  private readonly sent = new Map<string, Sent>();
  private number = 0;
  /** Kinds of audit entries, with the endpoint or delivery and the actor. */
  readonly audit: (readonly [kind: string, subject: string, actor: string])[] = [];

  constructor(private readonly clock: Clock) {}

  async endpoints(): Promise<readonly WebhookEndpoint[]> {
    return [...this.kept.values()].map(({ endpoint }) => endpoint);
  }

  async endpoint(id: string): Promise<WebhookEndpoint | undefined> {
    return this.kept.get(id)?.endpoint;
  }

  async add(endpoint: WebhookEndpoint, secret: string): Promise<void> {
    this.kept.set(endpoint.id, { endpoint, secret, former: null });
    this.audit.push(['webhook.endpoint_added', endpoint.id, endpoint.createdBy]);
  }

  async change(id: string, change: EndpointChange, { actor }: WebhookActor): Promise<WebhookEndpoint | undefined> {
    const kept = this.kept.get(id);
    if (kept === undefined) return undefined;
    const { url, description, events, disabledBecause } = change;
    const { endpoint } = kept;
    kept.endpoint = {
      ...endpoint,
      url: url ?? endpoint.url,
      description: description ?? endpoint.description,
      events: events ?? endpoint.events,
      disabledBecause: disabledBecause === undefined ? endpoint.disabledBecause : disabledBecause,
    };
    this.audit.push(['webhook.endpoint_changed', id, actor]);
    return kept.endpoint;
  }

  async rotate(
    id: string,
    { secret, formerUntil }: { readonly secret: string; readonly formerUntil: Instant },
    { actor }: WebhookActor,
  ): Promise<WebhookEndpoint | undefined> {
    const kept = this.kept.get(id);
    if (kept === undefined) return undefined;
    kept.former = kept.secret;
    kept.secret = secret;
    kept.endpoint = { ...kept.endpoint, formerSecretUntil: formerUntil };
    this.audit.push(['webhook.secret_rotated', id, actor]);
    return kept.endpoint;
  }

  async remove(id: string, { actor }: WebhookActor): Promise<boolean> {
    for (const [key, { delivery }] of this.sent) if (delivery.endpointId === id) this.sent.delete(key);
    if (!this.kept.delete(id)) return false;
    this.audit.push(['webhook.endpoint_removed', id, actor]);
    return true;
  }

  async deliveries({ endpointId, state, before, limit }: DeliveryQuery): Promise<readonly WebhookDelivery[]> {
    return [...this.sent.values()]
      .map(({ delivery }) => delivery)
      .filter((one) => endpointId === undefined || one.endpointId === endpointId)
      .filter((one) => state === undefined || one.state === state)
      .filter((one) => before === undefined || one.id < before)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  async retry(id: string, { actor, now }: WebhookActor): Promise<WebhookDelivery | undefined> {
    const sent = this.sent.get(id);
    if (sent === undefined) return undefined;
    sent.delivery = { ...sent.delivery, state: 'pending', nextAttemptAt: now, finishedAt: null };
    this.audit.push(['webhook.delivery_retried', id, actor]);
    return sent.delivery;
  }

  async enqueue(messages: readonly WebhookMessage[]): Promise<void> {
    for (const message of messages) this.enqueueOne(message);
  }

  private enqueueOne({ id, event, at, payload }: WebhookMessage): void {
    for (const { endpoint } of this.kept.values()) {
      if (endpoint.disabledBecause !== null || !endpoint.events.includes(event)) continue;
      const is = ({ delivery }: Sent): boolean => delivery.messageId === id && delivery.endpointId === endpoint.id;
      if ([...this.sent.values()].some(is)) continue;
      const key = `msg_${String(++this.number).padStart(9, '0')}`;
      const delivery: WebhookDelivery = {
        id: key,
        endpointId: endpoint.id,
        messageId: id,
        event,
        state: 'pending',
        attempts: 0,
        nextAttemptAt: this.clock.now(),
        lastStatus: null,
        lastError: null,
        createdAt: at,
        finishedAt: null,
        payload,
      };
      this.sent.set(key, { delivery, leaseUntil: 0 });
    }
  }

  async take({ limit, perEndpoint, leaseMs }: { limit: number; perEndpoint: number; leaseMs: number }) {
    const now = this.clock.now();
    const flying = new Map<string, number>();
    for (const { delivery, leaseUntil } of this.sent.values())
      if (leaseUntil > now) flying.set(delivery.endpointId, (flying.get(delivery.endpointId) ?? 0) + 1);
    const taken: TakenDelivery[] = [];
    for (const sent of this.sent.values()) {
      const { delivery, leaseUntil } = sent;
      const kept = this.kept.get(delivery.endpointId);
      const count = flying.get(delivery.endpointId) ?? 0;
      if (kept === undefined || kept.endpoint.disabledBecause !== null || taken.length >= limit) continue;
      if (delivery.state !== 'pending' || (delivery.nextAttemptAt ?? 0) > now) continue;
      if (leaseUntil > now || count >= perEndpoint) continue;
      flying.set(delivery.endpointId, count + 1);
      sent.leaseUntil = now + leaseMs;
      sent.delivery = { ...delivery, attempts: delivery.attempts + 1 };
      taken.push({ delivery: sent.delivery, url: kept.endpoint.url, secrets: secretsOf(kept, now) });
    }
    return taken;
  }

  async finish(id: string, { isDelivered, status, error }: DeliveryResult, nextAttemptAt: Instant | null) {
    const sent = this.sent.get(id);
    if (sent === undefined) return;
    const state = isDelivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'pending';
    const finishedAt = state === 'pending' ? null : this.clock.now();
    sent.delivery = { ...sent.delivery, state, nextAttemptAt, lastStatus: status, lastError: error, finishedAt };
    sent.leaseUntil = 0;
  }

  async disable(endpointId: string, because: DisabledReason): Promise<boolean> {
    const kept = this.kept.get(endpointId);
    if (kept === undefined || kept.endpoint.disabledBecause !== null) return false;
    kept.endpoint = { ...kept.endpoint, disabledBecause: because };
    this.audit.push(['webhook.endpoint_disabled', endpointId, 'system']);
    return true;
  }

  async forget(olderThanMs: number): Promise<number> {
    const oldest = this.clock.now() - olderThanMs;
    const old = [...this.sent].filter(([, { delivery }]) => (delivery.finishedAt ?? Number.POSITIVE_INFINITY) < oldest);
    for (const [key] of old) this.sent.delete(key);
    return old.length;
  }
}

const secretsOf = ({ endpoint, secret, former }: Kept, now: Instant): readonly string[] =>
  former !== null && (endpoint.formerSecretUntil ?? 0) > now ? [secret, former] : [secret];
