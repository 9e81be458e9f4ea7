import type { Access } from '../model/access.js';
import type { Case, CaseDecision, CaseState } from '../model/case.js';
import type { AccountLabel, Label } from '../model/label.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';

export interface CaseFilter {
  readonly state?: CaseState | undefined;
  readonly reason?: string | undefined;
  readonly ring?: string | undefined;
  readonly accountId?: string | undefined;
  readonly sort: 'priority' | 'opened_at' | 'due_at';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface CasePage {
  readonly cases: readonly Case[];
  readonly nextCursor: string | null;
}

/** A lease with its fencing token: an older token can no longer write. */
export interface Claim {
  readonly case: Case;
  readonly claimToken: string;
  readonly leaseUntil: Instant;
}

export interface CaseEntry {
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface DecideCase {
  readonly caseId: string;
  readonly claimToken: string;
  readonly actor: string;
  readonly decision: CaseDecision;
  readonly label?: Label | undefined;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  readonly now: Instant;
}

export interface VerificationResult {
  readonly accountId: string;
  readonly method: VerificationMethod;
  /** What a machine asked under; the same id recorded again changes nothing. */
  readonly requestId?: string | undefined;
  readonly result: 'passed' | 'failed';
  /** Identifiers, hashed before they come here, by kind. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly actor: string;
  readonly now: Instant;
}

export interface ManualChange {
  readonly accountId: string;
  readonly to: 'held' | 'admitted' | 'denied';
  readonly reason: string;
  readonly actor: string;
  readonly now: Instant;
}

export interface CaseChange {
  readonly case: Case | null;
  readonly access: Access | null;
}

/**
 * Port: the queue and every access change that people and verifications make; truth lives in the database, each call is
 * one transaction that also writes outbox and audit.
 */
export interface CaseStore {
  list(filter: CaseFilter): Promise<CasePage>;
  get(caseId: string): Promise<{ case: Case; timeline: readonly CaseEntry[] } | undefined>;
  /** The most urgent open case, or one whose lease or snooze has run out; `undefined` = the queue is empty. */
  claimNext(actor: string, now: Instant): Promise<Claim | undefined>;
  claim(caseId: string, actor: string, now: Instant): Promise<Result<Claim, Problem>>;
  heartbeat(caseId: string, claimToken: string, now: Instant): Promise<Result<Claim, Problem>>;
  unclaim(caseId: string, claimToken: string, actor: string, now: Instant): Promise<Result<Case, Problem>>;
  snooze(
    caseId: string,
    claimToken: string,
    until: Instant,
    actor: string,
    now: Instant,
  ): Promise<Result<Case, Problem>>;
  note(caseId: string, text: string, actor: string, now: Instant): Promise<Result<CaseEntry, Problem>>;
  /** approve: reaches the gate at `effectiveAt`, after the undo window; reject: denied at once. */
  decide(decision: DecideCase): Promise<Result<CaseChange, Problem>>;
  /** Only within the undo window. */
  undo(caseId: string, actor: string, now: Instant): Promise<Result<CaseChange, Problem>>;
  /** Held accounts are admitted once every method their case asks for has passed. */
  recordVerification(result: VerificationResult): Promise<Result<CaseChange, Problem>>;
  /** `fraud` holds an admitted or limited account and opens a case; `honest` is recorded and lifts nothing by itself. */
  recordLabel(label: AccountLabel, actor: string, now: Instant): Promise<Result<CaseChange, Problem>>;
  changeManually(change: ManualChange): Promise<Result<CaseChange, Problem>>;
  /** Applies approvals whose undo window has passed; returns how many. */
  applyDueApprovals(now: Instant): Promise<number>;
}
