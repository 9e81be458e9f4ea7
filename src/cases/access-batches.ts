import type { AccessState } from '../model/access.js';
import type { Instant } from '../model/time.js';
import type { RingMember } from './ring-members.js';

/** Many accounts held for one reason, which can be taken back as one. */
export interface AccessBatch {
  readonly id: string;
  readonly kind: 'retro_hold';
  readonly ringId: string;
  /** The decision that found the ring out. */
  readonly decisionId: string;
  readonly state: 'planned' | 'done' | 'undoing' | 'undone';
  readonly createdAt: Instant;
  /** When it goes on: what is over the hourly budget waits. */
  readonly notBefore: Instant;
  /** How often the ring's members were looked up. */
  readonly looks: number;
  readonly finishedAt: Instant | null;
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
}

export const batchResults = ['held', 'joined', 'spared', 'restored', 'kept'] as const;
/**
 * held: by this batch. joined: it was held already and is in the ring's case now. spared: left alone.
 * restored: the hold was taken back. kept: it was to be taken back, and the account had changed since.
 */
export type BatchResult = (typeof batchResults)[number];
export type BatchCounts = Readonly<Partial<Record<BatchResult | 'pending', number>>>;

export interface BatchAccount {
  readonly batchId: string;
  readonly accountId: string;
  readonly result: BatchResult;
  readonly at: Instant;
  /** What it was before it was held. */
  readonly from: {
    readonly state: AccessState;
    readonly requestsPerDay: number | null;
    readonly probation: boolean;
  } | null;
  /** The access version that the hold gave it. */
  readonly version: number | null;
}

/** The first decision, or rescoring, that found a ring out. */
export interface RingDetection {
  readonly batchId: string;
  readonly ringId: string;
  readonly decisionId: string;
  readonly at: Instant;
}

/** Port: batches and where they have come to, in the truth: whoever dies, another goes on. */
export interface AccessBatches {
  get(batchId: string): Promise<AccessBatch | undefined>;
  countsOf(batchId: string): Promise<BatchCounts>;
  /** Those that are to go on now; nobody else is given them for `leaseMs`. */
  takeDue(now: Instant, limit: number, leaseMs: number): Promise<readonly AccessBatch[]>;
  /** Adds the members that the batch does not know yet. */
  plan(batchId: string, members: readonly RingMember[]): Promise<void>;
  /** Not looked at yet, those who joined last first. */
  pending(batchId: string, limit: number): Promise<readonly string[]>;
  /** Held by it, with what they were before. */
  heldBy(batchId: string, limit: number): Promise<readonly BatchAccount[]>;
  /** How many accounts batches have held since then. */
  heldSince(at: Instant): Promise<number>;
  /** Unless it is in another state meanwhile. */
  save(batch: AccessBatch, from: AccessBatch['state']): Promise<void>;
  /** From then on it holds nobody; a batch that is being taken back, or was, stays what it is. */
  beginUndo(batchId: string, actor: string, now: Instant): Promise<AccessBatch>;
}
