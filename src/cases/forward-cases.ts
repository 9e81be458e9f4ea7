import type { ReviewQueue } from './review-queue.js';

/** A queue that hands every call on: what another does differently is laid over it. */
export const forwardCases = (cases: ReviewQueue): ReviewQueue => ({
  list: (filter) => cases.list(filter),
  get: (caseId) => cases.get(caseId),
  claimNext: (actor, now, as) => cases.claimNext(actor, now, as),
  claim: (caseId, actor, now, as) => cases.claim(caseId, actor, now, as),
  escalate: (escalation) => cases.escalate(escalation),
  assign: (assignment) => cases.assign(assignment),
  heartbeat: (caseId, claimToken, actor, now, leaseMs) => cases.heartbeat(caseId, claimToken, actor, now, leaseMs),
  unclaim: (caseId, claimToken, actor, now) => cases.unclaim(caseId, claimToken, actor, now),
  snooze: (caseId, claimToken, until, actor, now) => cases.snooze(caseId, claimToken, until, actor, now),
  note: (caseId, text, actor, now) => cases.note(caseId, text, actor, now),
  decide: (decision) => cases.decide(decision),
  decideMany: (decision) => cases.decideMany(decision),
  undo: (caseId, actor, now, as) => cases.undo(caseId, actor, now, as),
});
