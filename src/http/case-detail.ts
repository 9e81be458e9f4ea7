import { asOf } from '../cases/as-of.js';
import type { Case } from '../model/case.js';
import type { Instant } from '../model/time.js';
import type { HttpServices } from './http-services.js';
import { sampledMemberJson } from './queue-json.js';
import { accessJson, caseJson, entryJson, storedDecisionJson } from './wire.js';

const maxSimilar = 20;

async function similarAccounts(cases: HttpServices['cases'], one: Case, now: Instant) {
  if (one.ringId === null) return [];
  const page = await cases.list({ ring: one.ringId, sort: 'opened_at', limit: maxSimilar, now });
  return page.cases
    .filter((other) => other.accountId !== one.accountId)
    .map((other) => ({ account_id: other.accountId, case_id: other.id, state: other.state, decision: other.decision }));
}

type CaseServices = Pick<HttpServices, 'cases' | 'decisions' | 'rings' | 'queue'>;

/** Everything a reviewer sees of a case; undefined when there is none. */
export async function caseDetail({ cases, decisions, rings, queue }: CaseServices, caseId: string, now: Instant) {
  const found = await cases.get(caseId);
  if (found === undefined) return undefined;
  const one = asOf(found.case, now);
  const [record, account, ring, similar, members] = await Promise.all([
    one.decisionId === null ? undefined : decisions.byId(one.decisionId),
    one.wholeRing ? undefined : decisions.status(one.accountId),
    one.ringId === null ? undefined : rings.get(one.ringId),
    similarAccounts(cases, one, now),
    one.wholeRing ? queue.sampleMembers(caseId) : [],
  ]);
  return {
    ...caseJson(one),
    decision_record: record === undefined ? null : storedDecisionJson(record),
    access: account === undefined ? null : accessJson(account.access),
    timeline: found.timeline.map(entryJson),
    // The ring as it is now, which may have gone into another since; as the decision saw it where it is not known yet.
    ring:
      one.ringId === null
        ? null
        : { id: ring?.id ?? one.ringId, size: ring?.size ?? record?.decision.ring?.size ?? null },
    similar_accounts: similar,
    members: members.map(sampledMemberJson),
  };
}
