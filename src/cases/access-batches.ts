import type { AccessState } from '../model/access.js';
import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';
import type { RingMember } from './ring-members.js';

/**
 * awaiting_second: a second person has to confirm it; expired: nobody did. planned: at work, or to go on. refused: somebody
 * else had the ring's case by then.
 */
export const batchStates = ['awaiting_second', 'planned', 'done', 'undoing', 'undone', 'expired', 'refused'] as const;
export type BatchState = (typeof batchStates)[number];

/** Many accounts changed for one reason, which can be taken back as one. */
export interface AccessBatch {
  readonly id: string;
  /** retro_hold: earlier members of a ring that was found out. ring_decision: what a person decided for a whole ring. */
  readonly kind: 'retro_hold' | 'ring_decision';
  readonly ringId: string;
  /** The decision that found the ring out. */
  readonly decisionId: string | null;
  readonly state: BatchState;
  readonly createdAt: Instant;
  /** When it goes on: what is over the hourly budget waits. While a second person is awaited: when it expires. */
  readonly notBefore: Instant;
  /** How often the ring's members were looked up. */
  readonly looks: number;
  readonly finishedAt: Instant | null;
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
  /** Of a `ring_decision`. */
  readonly order: RingOrder | null;
}

/** What a person decided for a whole ring. */
export interface RingOrder {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly label: Label | null;
  readonly actor: string;
  /** Who confirmed it, where two were needed. */
  readonly second: string | null;
  /** Members that are left as they are. */
  readonly exclude: readonly string[];
  /** The ring's case that is decided with it. */
  readonly caseId: string | null;
}

/** A batch of a person's decision. */
export type RingDecision = AccessBatch & { readonly order: RingOrder };

export const isRingDecision = (batch: AccessBatch | undefined): batch is RingDecision =>
  batch !== undefined && batch.order !== null;

/**
 * Of a decision. changed: it has reached the account. excluded: left as it is because a person said so. already: nothing to
 * do. denied_before: a release does not reach it. claimed, barred, other_case, gone, error: it could not be changed.
 */
export const ringResults = [
  'changed',
  'excluded',
  'already',
  'denied_before',
  'claimed',
  'barred',
  'other_case',
  'gone',
  'error',
] as const;
export const batchResults = ['held', 'joined', 'spared', 'restored', 'kept', ...ringResults] as const;
/**
 * held: by this batch. joined: it was held already and is in the ring's case now. spared: left alone.
 * restored: the change was taken back. kept: it was to be taken back, and the account had changed since.
 */
export type BatchResult = (typeof batchResults)[number];
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

export interface BatchAccount {
  readonly batchId: string;
  readonly accountId: string;
  readonly result: BatchResult;
  readonly at: Instant;
  /** What it was before it was changed. */
  readonly from: {
    readonly state: AccessState;
    readonly requestsPerDay: number | null;
    readonly probation: boolean;
  } | null;
  /** The access version that the change gave it. */
  readonly version: number | null;
  /** The case of its own that was closed with it: open again when the batch is taken back. */
  readonly caseId: string | null;
}

/** The first decision, or rescoring, that found a ring out. */
export interface RingDetection {
  readonly batchId: string;
  readonly ringId: string;
  readonly decisionId: string;
  readonly at: Instant;
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
  accountsWith(batchId: string, result: 'held' | 'changed', limit: number): Promise<readonly BatchAccount[]>;
  failed(batchId: string, limit: number): Promise<readonly FailedAccount[]>;
  /** How many accounts batches have held since then. */
  heldSince(at: Instant): Promise<number>;
  /** Unless it is in another state meanwhile: then it is false. */
  save(batch: AccessBatch, from: BatchState): Promise<boolean>;
  /** From then on it changes nobody; a batch that is being taken back, or was, stays what it is. */
  beginUndo(batchId: string, actor: string, now: Instant): Promise<AccessBatch>;
}
