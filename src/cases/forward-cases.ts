import type { CaseStore } from './case-store.js';

/** A store that hands every call on: what another does differently is laid over it. */
export const forwardCases = (cases: CaseStore): CaseStore => ({
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
  decide: (decision) => cases.decide(decision),
  undo: (caseId, actor, now, as) => cases.undo(caseId, actor, now, as),
  recordVerification: (result) => cases.recordVerification(result),
  recordLabel: (label, actor, now) => cases.recordLabel(label, actor, now),
  changeManually: (change) => cases.changeManually(change),
  applyDueApprovals: (now) => cases.applyDueApprovals(now),
});
