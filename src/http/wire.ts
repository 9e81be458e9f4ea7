import type { CaseChange, CaseEntry, Claim } from '../cases/review-queue.js';
import type { StoredDecision } from '../decisions/decision-log.js';
import type { Access } from '../model/access.js';
import type { Case } from '../model/case.js';
import type { ServiceKey } from '../model/service-key.js';
import { type Instant, toIso } from '../model/time.js';
import type { Value } from '../model/value.js';

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

export const accessJson = (access: Access) => ({
  state: access.state,
  version: access.version,
  ...(access.state === 'limited' && access.requestsPerDay !== undefined
    ? { limits: { requests_per_day: access.requestsPerDay } }
    : {}),
});

export const caseJson = (found: Case) => ({
  id: found.id,
  account_id: found.accountId,
  ring_id: found.ringId,
  whole_ring: found.wholeRing,
  decision_id: found.decisionId,
  state: found.state,
  priority: found.priority,
  score: found.score,
  reason: found.reason,
  verify: found.verify,
  asks_for: found.asksFor,
  opened_at: toIso(found.openedAt),
  due_at: toIso(found.dueAt),
  claimed_by: found.claimedBy,
  assigned_to: found.assignedTo,
  escalated: found.escalatedAt !== null,
  lease_until: isoOrNull(found.leaseUntil),
  snoozed_until: isoOrNull(found.snoozedUntil),
  decision: found.decision,
  decided_by: found.decidedBy,
  decided_at: isoOrNull(found.decidedAt),
  effective_at: isoOrNull(found.effectiveAt),
  appealed_at: isoOrNull(found.appealedAt),
  version: found.version,
});

export const claimJson = (claim: Claim) => ({
  case: caseJson(claim.case),
  claim_token: claim.claimToken,
  lease_until: toIso(claim.leaseUntil),
});

export const changeJson = (change: CaseChange) => ({
  case: change.case === null ? null : caseJson(change.case),
  access: change.access === null ? null : accessJson(change.access),
});

export const entryJson = (entry: CaseEntry) => ({
  at: toIso(entry.at),
  actor: entry.actor,
  kind: entry.kind,
  detail: entry.detail,
});

/** Groups of the signal catalogue; every other input of a rule is a feature or a member of one. */
const signalGroup =
  /^(?:ip|geo|ua|device|email|phone|payment|account|signup|key_delay|pay_delay|api_key|event|usage|verified)\./;

export function storedDecisionJson(stored: StoredDecision) {
  const signals: Record<string, Value> = {};
  const features: Record<string, Value> = {};
  for (const [name, value] of Object.entries(stored.inputs)) {
    if (signalGroup.test(name)) signals[name] = value;
    else features[name] = value;
  }
  return { ...stored.decision, signals, features };
}

export const keyJson = (key: ServiceKey) => ({
  id: key.id,
  role: key.role,
  name: key.name,
  created_at: toIso(key.createdAt),
  revoked_at: isoOrNull(key.revokedAt),
});
