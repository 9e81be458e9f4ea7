import type { AuditMessage } from '../../audit/audit-trail.js';
import type { RingDetection } from '../../cases/access-batch.js';
import type { AccountRecord, CaseRecord } from '../../cases/case-records.js';
import { newCase } from '../../cases/new-case.js';
import type { DecisionRecord } from '../../decisions/decision-log.js';
import type { Decision } from '../../model/decision.js';
import type { OutboxMessage } from '../../outbox/outbox.js';

/** The case that a hold opens. */
export const caseOpenedBy = (
  { draft, caseId, caseDueAt, priority }: DecisionRecord,
  wholeRing: boolean,
): CaseRecord => ({
  ...newCase(caseId, draft.account_id, Date.parse(draft.decided_at)),
  ringId: draft.ring?.id ?? null,
  wholeRing,
  decisionId: draft.id,
  priority,
  score: draft.score,
  reason: draft.reasons[0]?.code ?? 'policy.unavailable',
  rules: draft.reasons.map(({ rule }) => rule),
  verify: draft.verify,
  dueAt: caseDueAt,
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
