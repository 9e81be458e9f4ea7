import type { Instant } from '../model/time.js';

/** What an endpoint can ask for. */
export const webhookEvents = [
  'decision.created',
  'account.access_changed',
  'case.opened',
  'case.decided',
  'case.breached',
  'ring.detected',
  'ruleset.loaded',
  'verification.requested',
  'rule.fuse_blown',
  'budget.exceeded',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** By hand; its receiver said that it is gone (410); nothing arrived for a whole day of tries. */
export const disabledReasons = ['by_hand', 'gone', 'unreachable'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly WebhookEvent[];
  /** Null while it is enabled. */
  readonly disabledBecause: DisabledReason | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** Until then messages carry signatures of the former secret too. */
  readonly formerSecretUntil: Instant | null;
}

export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One message on its way to one endpoint. */
export interface WebhookDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** `webhook-id`: the same on every try, and to every endpoint. */
  readonly messageId: string;
  readonly event: WebhookEvent;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  /** Of the last try; null before the first, and where none came. */
  readonly lastStatus: number | null;
  /** A word: `timeout`, `refused_address`, `redirect`, … */
  readonly lastError: string | null;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A delivery with what it takes to send it; no one else is given it while the lease lasts. */
export interface TakenDelivery {
  readonly delivery: WebhookDelivery;
  readonly url: string;
  /** The newest first. */
  readonly secrets: readonly string[];
}

export interface EndpointChange {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  /** Null enables it. */
  readonly disabledBecause?: DisabledReason | null | undefined;
}

export interface WebhookActor {
  readonly actor: string;
  readonly now: Instant;
}

export interface DeliveryQuery {
  readonly endpointId?: string | undefined;
  readonly state?: DeliveryState | undefined;
  /** Newest first: the last id of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** What became of one try. */
export interface DeliveryResult {
  readonly isDelivered: boolean;
  readonly status: number | null;
  readonly error: string | null;
}

/** Port: where messages go, and what became of them. Every change that people make is audited with it. */
export interface Webhooks {
  endpoints(): Promise<readonly WebhookEndpoint[]>;
  endpoint(id: string): Promise<WebhookEndpoint | undefined>;
  add(endpoint: WebhookEndpoint, secret: string): Promise<void>;
  change(id: string, change: EndpointChange, by: WebhookActor): Promise<WebhookEndpoint | undefined>;
  /** The former secret goes on signing beside the new one until then. */
  rotate(
    id: string,
    secret: { readonly secret: string; readonly formerUntil: Instant },
    by: WebhookActor,
  ): Promise<WebhookEndpoint | undefined>;
  /** With its deliveries. */
  remove(id: string, by: WebhookActor): Promise<boolean>;
  deliveries(query: DeliveryQuery): Promise<readonly WebhookDelivery[]>;
  /** Due at once, whatever it came to before. */
  retry(id: string, by: WebhookActor): Promise<WebhookDelivery | undefined>;
  /** One delivery of each to each enabled endpoint that asked for it; the same message again adds none. */
  enqueue(messages: readonly WebhookMessage[]): Promise<void>;
  /** What is due, at most so many of one endpoint on their way at the same time. */
  take(limits: {
    readonly limit: number;
    readonly perEndpoint: number;
    readonly leaseMs: number;
  }): Promise<readonly TakenDelivery[]>;
  /** `nextAttemptAt` null: it is over. */
  finish(id: string, result: DeliveryResult, nextAttemptAt: Instant | null): Promise<void>;
  disable(endpointId: string, because: DisabledReason, now: Instant): Promise<boolean>;
  forget(olderThanMs: number): Promise<number>;
}

export interface WebhookMessage {
  readonly id: string;
  readonly event: WebhookEvent;
  readonly at: Instant;
  readonly payload: Readonly<Record<string, unknown>>;
}
