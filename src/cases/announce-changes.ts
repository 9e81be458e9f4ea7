import type { Access } from '../model/access.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { CaseChange, CaseStore } from './case-store.js';

/**
 * The same store, which tells of the access that a person or a verification has changed before the caller is answered:
 * whoever rejects an account finds it rejected at the gate. Best effort; the outbox carries the same a moment later.
 */
export function announceChanges(cases: CaseStore, announce: (access: Access) => Promise<void>): CaseStore {
  const told = async (changing: Promise<Result<CaseChange, Problem>>): Promise<Result<CaseChange, Problem>> => {
    const result = await changing;
    if (result.ok && result.value.access !== null) await announce(result.value.access);
    return result;
  };
  return {
    list: (filter) => cases.list(filter),
    get: (caseId) => cases.get(caseId),
    claimNext: (actor, now, as) => cases.claimNext(actor, now, as),
    claim: (caseId, actor, now, as) => cases.claim(caseId, actor, now, as),
    escalate: (escalation) => cases.escalate(escalation),
    assign: (assignment) => cases.assign(assignment),
    recordBreaches: (now) => cases.recordBreaches(now),
    heartbeat: (caseId, claimToken, actor, now, leaseMs) => cases.heartbeat(caseId, claimToken, actor, now, leaseMs),
    unclaim: (caseId, claimToken, actor, now) => cases.unclaim(caseId, claimToken, actor, now),
    snooze: (caseId, claimToken, until, actor, now) => cases.snooze(caseId, claimToken, until, actor, now),
    note: (caseId, text, actor, now) => cases.note(caseId, text, actor, now),
    decide: (decision) => told(cases.decide(decision)),
    undo: (caseId, actor, now) => told(cases.undo(caseId, actor, now)),
    recordVerification: (result) => told(cases.recordVerification(result)),
    recordLabel: (label, actor, now) => told(cases.recordLabel(label, actor, now)),
    changeManually: (change) => told(cases.changeManually(change)),
    applyDueApprovals: (now) => cases.applyDueApprovals(now),
  };
}
