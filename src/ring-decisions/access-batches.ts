import type { AccessBatch, BatchAccount, BatchResult, BatchState, RingOrder } from '../cases/access-batch.js';
import type { Instant } from '../model/time.js';
import type { RingMember } from './ring-members.js';

/** A batch of a person's decision. */
export type RingDecision = AccessBatch & { readonly order: RingOrder };

export const isRingDecision = (batch: AccessBatch | undefined): batch is RingDecision =>
  batch !== undefined && batch.order !== null;

export type BatchCounts = Readonly<Partial<Record<BatchResult | 'pending', number>>>;

/** Why an account of a decided ring was not changed although it should have been. */
export const failureReasons = {
  claimed: 'somebody else is working on the case of this account',
  barred: 'whoever decides here held or denied the account: its appeal is for another person',
  other_case: 'the account is in the case of another ring',
  gone: 'the account was erased',
  error: 'the change of this account could not be written',
} as const satisfies Partial<Record<BatchResult, string>>;
export type FailedResult = keyof typeof failureReasons;

export interface FailedAccount {
  readonly accountId: string;
  readonly result: FailedResult;
}

/** Its line of audit. */
export interface BatchAudit {
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Port: batches and where they have come to, in the truth: whoever dies, another goes on. */
export interface AccessBatches {
  /** A person's decision, with its line of audit; false when another one of the ring is not finished. */
  create(batch: RingDecision, audit: BatchAudit): Promise<boolean>;
  get(batchId: string): Promise<AccessBatch | undefined>;
  /** What people decided for the ring, the newest first; also for rings that went into it. */
  ofRing(ringId: string, limit: number): Promise<readonly RingDecision[]>;
  /** The decision with which a ring's case was decided. */
  ofCase(caseId: string): Promise<RingDecision | undefined>;
  countsOf(batchId: string): Promise<BatchCounts>;
  /** Those that are to go on now; nobody else is given them for `leaseMs`. */
  takeDue(now: Instant, limit: number, leaseMs: number): Promise<readonly AccessBatch[]>;
  /** Adds the members that the batch does not know yet. */
  plan(batchId: string, members: readonly RingMember[]): Promise<void>;
  /** Not looked at yet, those who joined last first. */
  pending(batchId: string, limit: number): Promise<readonly string[]>;
  /** With this result, and with what they were before. */
  accountsWith(batchId: string, result: 'held' | 'changed' | 'joined', limit: number): Promise<readonly BatchAccount[]>;
  failed(batchId: string, limit: number): Promise<readonly FailedAccount[]>;
  /** How many accounts batches have held since then. */
  heldSince(at: Instant): Promise<number>;
  /** Unless it is in another state meanwhile: then it is false. */
  save(batch: AccessBatch, from: BatchState): Promise<boolean>;
  /** From then on it changes nobody; a batch that is being taken back, or was, stays what it is. */
  beginUndo(batchId: string, actor: string, now: Instant): Promise<AccessBatch>;
}
