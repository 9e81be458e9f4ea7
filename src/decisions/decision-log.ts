import type { Access } from '../model/access.js';
import type { Decision } from '../model/decision.js';
import type { EventType } from '../model/event.js';
import type { Evidence } from '../model/evidence.js';
import type { RingTrace } from '../model/ring.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';

/** A decision before access and case are known: the commit settles those, atomically with what is already stored. */
export type DecisionDraft = Omit<Decision, 'access' | 'case_id'>;

export interface DecisionRecord {
  readonly draft: DecisionDraft;
  /** Keyed hash of the canonical JSON of the body: tells a repeat from a mismatch. */
  readonly bodyHash: string;
  /** The same without a key: never stored, for it can be guessed back; decisions of before have it. */
  readonly formerBodyHash?: string | undefined;
  readonly occurredAt: Instant;
  /** What the event brings to the rings; none where it has no link that counts. */
  readonly trace?: RingTrace | undefined;
  /** Every signal and feature that the rules saw; identifiers hashed. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** The same as JSON, for a log that writes text: an object of hundreds of members costs more than its text. */
  readonly inputsJson?: string | undefined;
  /** The whole event, sealed (AES-GCM), and the salt its key is derived with: erasing the salt erases the event. */
  readonly sealed: string;
  readonly salt: string;
  /** Set when the event announces an API key for the account. */
  readonly apiKeyId?: string | undefined;
  /** Policy's quota for limited accounts. */
  readonly requestsPerDay: number;
  /** Prepared id, used only if a case is opened. */
  readonly caseId: string;
  /** When a case opened by this decision is due. */
  readonly caseDueAt: Instant;
  readonly priority: number;
  /** Missed inputs made this decision provisional: it is to be scored again when they are back. */
  readonly rescore: boolean;
  /** The event did not reach the features, or the account's memory: noted with the commit, to reach them from what is stored. */
  readonly uncounted?: boolean | undefined;
  /** A live rule about rings fired, and the outcome is a hold or more: the ring is found out. */
  readonly detectsRing: boolean;
  /** Set when the event tells of a payment method. */
  readonly firstPaymentAt?: Instant | undefined;
  /** When a new account is to be judged again for the first time. */
  readonly rescoreAt?: Instant | undefined;
  /** Policy's quota for a new account that nothing speaks against, where it begins on probation. */
  readonly probationQuota?: number | undefined;
}

export type CommitOutcome =
  | {
      readonly kind: 'committed';
      readonly decision: Decision;
      readonly access: Access;
      readonly accessChanged: boolean;
    }
  /** The event id was decided before with the same body. */
  | { readonly kind: 'replayed'; readonly decision: Decision }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** A stored decision with what it saw. */
export interface StoredDecision {
  readonly decision: Decision;
  /** To be compared by `isSameBody`. */
  readonly bodyHash: string;
  readonly inputs: Readonly<Record<string, Value>>;
}

export interface SealedEvent {
  readonly eventId: string;
  readonly type: EventType;
  readonly occurredAt: Instant;
  readonly sealed: string;
  readonly salt: string;
}

/** What the truth knows of an account. */
export interface AccountStatus {
  readonly access: Access;
  readonly verified: boolean;
  readonly clearedRules: readonly string[];
  /** What its passed verifications showed, the latest of each kind, hashed. */
  readonly evidence: Evidence;
  readonly openCaseId: string | null;
  readonly pendingVerifications: readonly VerificationMethod[];
  readonly firstSeenAt: Instant;
}

/**
 * Port: the truth. One statement writes decision, access, case, outbox and audit before the answer goes out.
 * Access never loosens here: the stored state becomes the stricter of the stored and the decided one.
 */
export interface DecisionLog {
  commit(record: DecisionRecord): Promise<CommitOutcome>;
  byId(decisionId: string): Promise<StoredDecision | undefined>;
  byEventId(eventId: string): Promise<StoredDecision | undefined>;
  /** Newest first; `before` is the last decision id of the page before. */
  byAccount(
    accountId: string,
    page: { limit: number; before?: string | undefined },
  ): Promise<readonly StoredDecision[]>;
  /** Oldest first, erased ones left out: to rebuild an account's memory. */
  eventsOf(accountId: string): Promise<readonly SealedEvent[]>;
  status(accountId: string): Promise<AccountStatus | undefined>;
}
