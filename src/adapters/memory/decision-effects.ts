import type { RingDetection } from '../../cases/access-batches.js';
import type { AccountRecord, AuditMessage, CaseRecord, OutboxMessage } from '../../cases/case-records.js';
import type { DecisionRecord } from '../../decisions/decision-log.js';
import type { Decision } from '../../model/decision.js';

/** The case that a hold opens. */
export const caseOpenedBy = (record: DecisionRecord, wholeRing: boolean): CaseRecord => ({
  id: record.caseId,
  accountId: record.draft.account_id,
  ringId: record.draft.ring?.id ?? null,
  wholeRing,
  decisionId: record.draft.id,
  state: 'open',
  priority: record.priority,
  score: record.draft.score,
  reason: record.draft.reasons[0]?.code ?? 'policy.unavailable',
  rules: record.draft.reasons.map(({ rule }) => rule),
  verify: record.draft.verify,
  openedAt: Date.parse(record.draft.decided_at),
  dueAt: record.caseDueAt,
  claimedBy: null,
  assignedTo: null,
  escalatedAt: null,
  breachedAt: null,
  barredActor: null,
  appealedAt: null,
  claimNumber: 0,
  leaseUntil: null,
  snoozedUntil: null,
  decision: null,
  decidedBy: null,
  decidedAt: null,
  effectiveAt: null,
  appliedAt: null,
  version: 1,
  jobVersion: 1,
  settling: false,
  memberLabel: null,
  fraudLabelled: false,
});

interface Effects {
  readonly decision: Decision;
  readonly before: AccountRecord | undefined;
  readonly after: AccountRecord;
  readonly opened: CaseRecord | undefined;
  /** The first that found its ring out. */
  readonly detection: RingDetection | undefined;
}

/** What a commit tells the outbox and the audit. */
export function messagesOf({ decision, before, after, opened, detection }: Effects): {
  outbox: OutboxMessage[];
  audit: AuditMessage;
} {
  const outbox: OutboxMessage[] = [];
  if (after.version !== before?.version) outbox.push(accessChanged({ decision, before, after }));
  if (opened !== undefined) {
    const payload = { case_id: opened.id, account_id: opened.accountId, version: 1, reason: opened.reason };
    outbox.push({ kind: 'case_opened', subject: opened.id, payload });
  }
  if (detection !== undefined) outbox.push(detectionMessage(detection));
  const { id, event_id, outcome, case_id } = decision;
  const detail = { decision_id: id, event_id, outcome, state: after.state, version: after.version, case_id };
  const at = Date.parse(decision.decided_at);
  return { outbox, audit: { at, actor: 'system', kind: 'decision.recorded', subject: after.accountId, detail } };
}

export const detectionMessage = ({ ringId, decisionId, batchId }: RingDetection): OutboxMessage => ({
  kind: 'ring_detected',
  subject: ringId,
  payload: { ring_id: ringId, decision_id: decisionId, batch_id: batchId },
});

const accessChanged = ({ decision, before, after }: Pick<Effects, 'decision' | 'before' | 'after'>): OutboxMessage => ({
  kind: 'access_changed',
  subject: after.accountId,
  payload: {
    account_id: after.accountId,
    from: before?.state ?? null,
    to: after.state,
    version: after.version,
    requests_per_day: after.requestsPerDay,
    cause: 'decision',
    case_id: decision.case_id,
    decision_id: decision.id,
  },
});
