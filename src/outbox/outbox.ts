import type { Instant } from '../model/time.js';

const outboxKinds = [
  'access_changed',
  'account_cleared',
  'case_opened',
  'case_breached',
  'verification_requested',
  'label_recorded',
  'decision_created',
  'case_decided',
  'ruleset_loaded',
  'ring_detected',
  'rule_fuse_blown',
  'budget_exceeded',
  'evidence_recorded',
] as const;
export type OutboxKind = (typeof outboxKinds)[number];

export interface OutboxMessage {
  readonly kind: OutboxKind;
  /**
   * Account id; for `case_opened` and `verification_requested` the case id; for `decision_created` the decision id; for
   * `ring_detected` the ring id; for `evidence_recorded` the id of the verification.
   */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Not to be delivered earlier. */
  readonly notBefore?: Instant | undefined;
}

/** Something that was written with the truth and must still happen outside. */
export interface OutboxItem {
  readonly id: number;
  readonly kind: OutboxKind;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Instant;
  /** This one included. */
  readonly attempts: number;
}

/**
 * tightening: whoever was let in is so no longer, or less; no number of others goes before it. access: other changes of
 * access and what they clear, which have to be heard of in no time too. others: everything else.
 */
export type OutboxLane = 'tightening' | 'access' | 'others';

export interface OutboxTake {
  readonly lane: OutboxLane;
  readonly limit: number;
  /** No one else is given it for so long; whoever dies meanwhile loses it to another then. */
  readonly leaseMs: number;
}

/** Pauses before further tries: they double with each, up to the longest. */
export interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What was delivered for the first time. */
export interface DeliveredItem {
  readonly id: number;
  /** From the commit to the delivery, by the clock of the truth. */
  readonly lagMs: number;
}

/** Port: at least once, so whoever delivers does it idempotently. */
export interface Outbox {
  /** What is due, oldest first. */
  take(what: OutboxTake): Promise<readonly OutboxItem[]>;
  /** Returns those that were not done before: what somebody else delivered meanwhile is left out. */
  markDone(ids: readonly number[]): Promise<readonly DeliveredItem[]>;
  retryLater(ids: readonly number[], pauses: Pauses): Promise<void>;
  /** Forgets what was done longer ago than that; returns how many. */
  deleteDone(olderThanMs: number): Promise<number>;
  /** Whether something of the lane is not done that was committed longer ago than that. */
  isWaiting(lane: OutboxLane, olderThanMs: number): Promise<boolean>;
  /**
   * How many are not done, those included that were tried and wait for another try, and the age of the oldest of them in
   * milliseconds (0 when there is none). What is not to be told yet is not counted.
   */
  backlog(): Promise<{ readonly count: number; readonly oldestMs: number }>;
}
