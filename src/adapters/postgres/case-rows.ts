import type {
  AccountRecord,
  CaseChanges,
  CaseMember,
  CaseRecord,
  LabelRecord,
  VerificationRecord,
} from '../../cases/case-records.js';
import type { CaseEntry } from '../../cases/review-queue.js';
import type { AccessCause, AccessState } from '../../model/access.js';
import type { CaseState } from '../../model/case.js';
import type { Label } from '../../model/label.js';
import type { VerificationMethod } from '../../model/rule.js';
import type { Instant } from '../../model/time.js';

export interface AccountRow {
  account_id: string;
  state: AccessState;
  version: number;
  cause: AccessCause;
  requests_per_day: number | null;
  verified: boolean;
  cleared_rules: string[];
  label: Label | null;
  changed_at: Date;
  probation: boolean;
  first_seen_at: Date;
  first_payment_at: Date | null;
}

export interface CaseRow {
  id: string;
  account_id: string;
  ring_id: string | null;
  whole_ring: boolean;
  decision_id: string | null;
  state: CaseState;
  priority: number;
  score: number;
  reason: string;
  rules: string[];
  verify: VerificationMethod[];
  opened_at: Date;
  due_at: Date;
  claimed_by: string | null;
  assigned_to: string | null;
  escalated_at: Date | null;
  breached_at: Date | null;
  barred_actor: string | null;
  appealed_at: Date | null;
  claim_number: number;
  lease_until: Date | null;
  snoozed_until: Date | null;
  decision: 'approve' | 'reject' | null;
  decided_by: string | null;
  decided_at: Date | null;
  effective_at: Date | null;
  applied_at: Date | null;
  version: number;
  job_version: number;
  settling: boolean;
  member_label: Label | null;
  fraud_labelled: boolean;
}

export interface MemberRow {
  case_id: string;
  account_id: string;
  joined_at: Date;
  left_at: Date | null;
  denied_version: number | null;
}

export interface VerificationRow {
  id: string;
  account_id: string;
  case_id: string | null;
  method: VerificationMethod;
  state: 'requested' | 'passed' | 'failed' | 'expired';
  evidence: Record<string, string>;
  requested_at: Date;
  finished_at: Date | null;
  actor: string;
  shared_by: number | null;
}

export interface LabelRow {
  account_id: string;
  label: Label;
  source: string;
  observed_at: Date;
  recorded_at: Date;
  actor: string;
}

export interface EntryRow {
  at: Date;
  actor: string;
  kind: string;
  detail: Record<string, unknown>;
}

const instant = (date: Date | null): Instant | null => date?.getTime() ?? null;
const date = (at: Instant | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(at).toISOString();

export const accountOf = (row: AccountRow): AccountRecord => ({
  accountId: row.account_id,
  state: row.state,
  version: row.version,
  cause: row.cause,
  requestsPerDay: row.requests_per_day,
  verified: row.verified,
  clearedRules: row.cleared_rules,
  label: row.label,
  changedAt: row.changed_at.getTime(),
  probation: row.probation,
  firstSeenAt: row.first_seen_at.getTime(),
  firstPaymentAt: instant(row.first_payment_at),
});

export const memberOf = (row: MemberRow): CaseMember => ({
  caseId: row.case_id,
  accountId: row.account_id,
  joinedAt: row.joined_at.getTime(),
  leftAt: instant(row.left_at),
  deniedVersion: row.denied_version,
});

export const caseRecordOf = (row: CaseRow): CaseRecord => ({
  id: row.id,
  accountId: row.account_id,
  ringId: row.ring_id,
  wholeRing: row.whole_ring,
  decisionId: row.decision_id,
  state: row.state,
  priority: row.priority,
  score: row.score,
  reason: row.reason,
  rules: row.rules,
  verify: row.verify,
  openedAt: row.opened_at.getTime(),
  dueAt: row.due_at.getTime(),
  claimedBy: row.claimed_by,
  assignedTo: row.assigned_to,
  escalatedAt: instant(row.escalated_at),
  breachedAt: instant(row.breached_at),
  barredActor: row.barred_actor,
  appealedAt: instant(row.appealed_at),
  claimNumber: row.claim_number,
  leaseUntil: instant(row.lease_until),
  snoozedUntil: instant(row.snoozed_until),
  decision: row.decision,
  decidedBy: row.decided_by,
  decidedAt: instant(row.decided_at),
  effectiveAt: instant(row.effective_at),
  appliedAt: instant(row.applied_at),
  version: row.version,
  jobVersion: row.job_version,
  settling: row.settling,
  memberLabel: row.member_label,
  fraudLabelled: row.fraud_labelled,
});

export const verificationOf = (row: VerificationRow): VerificationRecord => ({
  id: row.id,
  accountId: row.account_id,
  caseId: row.case_id,
  method: row.method,
  state: row.state,
  evidence: row.evidence,
  requestedAt: row.requested_at.getTime(),
  finishedAt: instant(row.finished_at),
  actor: row.actor,
  ...(row.shared_by === null ? {} : { sharedBy: row.shared_by }),
});

export const labelOf = (row: LabelRow): LabelRecord => ({
  accountId: row.account_id,
  label: row.label,
  source: row.source,
  observedAt: row.observed_at.getTime(),
  recordedAt: row.recorded_at.getTime(),
  actor: row.actor,
});

export const entryOf = ({ at, actor, kind, detail }: EntryRow): CaseEntry => ({
  at: at.getTime(),
  actor,
  kind,
  detail,
});

const accountJson = (one: AccountRecord) => ({
  account_id: one.accountId,
  state: one.state,
  version: one.version,
  cause: one.cause,
  requests_per_day: one.requestsPerDay,
  verified: one.verified,
  cleared_rules: one.clearedRules,
  label: one.label,
  changed_at: date(one.changedAt),
  probation: one.probation,
});

const caseJson = (one: CaseRecord) => ({
  id: one.id,
  account_id: one.accountId,
  ring_id: one.ringId,
  whole_ring: one.wholeRing,
  decision_id: one.decisionId,
  state: one.state,
  priority: one.priority,
  score: one.score,
  reason: one.reason,
  rules: one.rules,
  verify: one.verify,
  opened_at: date(one.openedAt),
  due_at: date(one.dueAt),
  claimed_by: one.claimedBy,
  assigned_to: one.assignedTo,
  escalated_at: date(one.escalatedAt),
  breached_at: date(one.breachedAt),
  barred_actor: one.barredActor,
  appealed_at: date(one.appealedAt),
  claim_number: one.claimNumber,
  lease_until: date(one.leaseUntil),
  snoozed_until: date(one.snoozedUntil),
  decision: one.decision,
  decided_by: one.decidedBy,
  decided_at: date(one.decidedAt),
  effective_at: date(one.effectiveAt),
  applied_at: date(one.appliedAt),
  version: one.version,
  job_version: one.jobVersion,
  settling: one.settling,
  member_label: one.memberLabel,
  fraud_labelled: one.fraudLabelled,
});

/** All of a step's changes as one JSON text: the one parameter of the statement that writes them. */
export function changesJson(changes: CaseChanges): string {
  return JSON.stringify({
    accounts: changes.accounts.map(accountJson),
    cases: changes.cases.map(caseJson),
    members: changes.members.map((one) => ({
      case_id: one.caseId,
      account_id: one.accountId,
      joined_at: date(one.joinedAt),
      left_at: date(one.leftAt),
      denied_version: one.deniedVersion,
    })),
    batch_accounts: changes.batchAccounts.map((one) => ({
      batch_id: one.batchId,
      account_id: one.accountId,
      result: one.result,
      at: date(one.at),
      from_state: one.from?.state,
      from_quota: one.from?.requestsPerDay,
      from_probation: one.from?.probation,
      version: one.version,
      case_id: one.caseId,
    })),
    batches: changes.batches.map((one) => ({
      id: one.batchId,
      ring_id: one.ringId,
      decision_id: one.decisionId,
      created_at: date(one.at),
    })),
    entries: changes.entries.map(({ caseId, at, ...entry }) => ({ ...entry, case_id: caseId, at: date(at) })),
    verifications: changes.verifications.map((one) => ({
      id: one.id,
      account_id: one.accountId,
      case_id: one.caseId,
      method: one.method,
      state: one.state,
      evidence: one.evidence,
      requested_at: date(one.requestedAt),
      finished_at: date(one.finishedAt),
      actor: one.actor,
      shared_by: one.sharedBy ?? null,
    })),
    labels: changes.labels.map((one) => ({
      account_id: one.accountId,
      label: one.label,
      source: one.source,
      observed_at: date(one.observedAt),
      recorded_at: date(one.recordedAt),
      actor: one.actor,
    })),
    outbox: changes.outbox.map(({ kind, subject, payload, notBefore }) => ({
      kind,
      subject,
      payload,
      not_before: date(notBefore),
    })),
    audit: changes.audit.map(({ at, ...one }) => ({ ...one, at: date(at) })),
  });
}
