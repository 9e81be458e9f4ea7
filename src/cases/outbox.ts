import type { Instant } from '../model/time.js';
import type { OutboxKind } from './case-records.js';

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

/** Port: at least once, so whoever delivers does it idempotently. */
export interface Outbox {
  /**
   * What is due, oldest first; no one else is given it for `leaseMs`. Whoever dies meanwhile loses it to another then.
   */
  take(limit: number, leaseMs: number): Promise<readonly OutboxItem[]>;
  markDone(ids: readonly number[]): Promise<void>;
  /** Due again after a pause that doubles with every attempt, from one second to five minutes. */
  retryLater(ids: readonly number[]): Promise<void>;
  /** Forgets what was done longer ago than that; returns how many. */
  deleteDone(olderThanMs: number): Promise<number>;
  /** How many are due and not done, and the age of the oldest of them in milliseconds (0 when there is none). */
  backlog(): Promise<{ readonly count: number; readonly oldestMs: number }>;
}
