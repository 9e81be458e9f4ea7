import type { AccessCause, AccessState } from '../model/access.js';
import type { Case } from '../model/case.js';
import type { AccountLabel, Label } from '../model/label.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { CaseEntry, CaseFilter, CasePage } from './case-store.js';

/** An account as people and verifications change it. */
export interface AccountRecord {
  readonly accountId: string;
  readonly state: AccessState;
  readonly version: number;
  readonly cause: AccessCause;
  readonly requestsPerDay: number | null;
  readonly verified: boolean;
  readonly clearedRules: readonly string[];
  readonly label: Label | null;
  readonly changedAt: Instant;
}

export interface CaseRecord extends Case {
  /** Rules that held the account: what an approval clears. */
  readonly rules: readonly string[];
  /** Rises with every claim: what a token fences with. */
  readonly claimNumber: number;
  /** When the decision reached the account; null until then. */
  readonly appliedAt: Instant | null;
  /** The case's version when a machine step was last asked for; part of the job id and of request ids. */
  readonly jobVersion: number;
}

export interface VerificationRecord {
  readonly id: string;
  readonly accountId: string;
  readonly caseId: string | null;
  readonly method: VerificationMethod;
  readonly state: 'requested' | 'passed' | 'failed';
  readonly evidence: Readonly<Record<string, string>>;
  readonly requestedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly actor: string;
}

export interface LabelRecord extends AccountLabel {
  readonly recordedAt: Instant;
  readonly actor: string;
}

export const outboxKinds = [
  'access_changed',
  'account_cleared',
  'case_opened',
  'verification_requested',
  'label_recorded',
  'decision_created',
] as const;
export type OutboxKind = (typeof outboxKinds)[number];

export interface OutboxMessage {
  readonly kind: OutboxKind;
  /** Account id; for `case_opened` and `verification_requested` the case id; for `decision_created` the decision id. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Not to be delivered earlier. */
  readonly notBefore?: Instant | undefined;
}

export interface AuditMessage {
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Everything one step writes, all or nothing. */
export interface CaseChanges {
  readonly account?: AccountRecord | undefined;
  readonly case?: CaseRecord | undefined;
  readonly entries: readonly (CaseEntry & { readonly caseId: string })[];
  readonly verifications: readonly VerificationRecord[];
  readonly labels: readonly LabelRecord[];
  /** Takes back the labels with this source, and their undelivered outbox messages, then sets the account's label. */
  readonly withdrawnLabelSource?: string | undefined;
  readonly outbox: readonly OutboxMessage[];
  readonly audit: readonly AuditMessage[];
}

/** What a step sees: locked until it has written. */
export interface Loaded {
  readonly account: AccountRecord | undefined;
  /** By case: that case. By account: its undecided case, else one whose approval has not been applied yet. */
  readonly case: CaseRecord | undefined;
  /** By case: another case of the account is undecided. */
  readonly hasOtherUndecided: boolean;
  /** The account's verifications, oldest first. */
  readonly verifications: readonly VerificationRecord[];
  /** The account's labels, oldest first. */
  readonly labels: readonly LabelRecord[];
  /**
   * Rules that fired for the account from the opening of the case to its decision, or ever where there is no case:
   * what whoever admits the account has seen, and what would limit or hold it again at its next event.
   */
  readonly hitRules: readonly string[];
}

export interface Planned<T> {
  readonly answer: T;
  readonly changes?: CaseChanges | undefined;
}

export type Subject = { readonly caseId: string } | { readonly accountId: string };

/**
 * Port beneath the case store: rows, locks and one transaction a step. Locks are taken on the account first, then on
 * its case, so that two steps never wait for each other in a circle.
 */
export interface CaseRecords {
  list(filter: CaseFilter): Promise<CasePage>;
  get(caseId: string): Promise<{ case: Case; timeline: readonly CaseEntry[] } | undefined>;
  /** Loads and locks, lets `plan` decide, writes what it says. `plan` is pure and may run again. */
  change<T>(subject: Subject, plan: (loaded: Loaded) => Planned<T>): Promise<T>;
  /** As `change`, for the most urgent claimable case that no one else has locked; the account is not loaded. */
  changeNext<T>(now: Instant, plan: (found: CaseRecord) => Planned<T>): Promise<T | undefined>;
  /** Approvals whose `effectiveAt` has come and that have not been applied, oldest first. */
  dueApprovals(now: Instant, limit: number): Promise<readonly string[]>;
}
