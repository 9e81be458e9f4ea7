import type { CommitOutcome, DecisionRecord } from '../../decisions/decision-log.js';
import { isSameBody, sentBodyOf } from '../../decisions/same-body.js';
import { toldReason } from '../../decisions/told-reason.js';
import { type Access, type AccessState, stateOfOutcome } from '../../model/access.js';
import type { Decision } from '../../model/decision.js';
import { toIso } from '../../model/time.js';

/** A row of `commit_decisions`; the nullable columns are set when `committed`, the answer and hash when not. */
export interface CommitRow {
  event_id: string;
  committed: boolean;
  body_hash: string | null;
  answer: Decision | null;
  state: AccessState | null;
  version: number | null;
  requests_per_day: number | null;
  changed: boolean;
  case_id: string | null;
  /** Access is limited only because the account is new. */
  probation: boolean;
}

/** A case needs a reason also when no rule fired: policy holds what could not be looked at. */
const heldBlind = 'policy.unavailable';

/** The fields of the SQL type `decision_commit`, `inputs` apart. */
const parameterOf = (record: DecisionRecord) => ({
  decision_id: record.draft.id,
  event_id: record.draft.event_id,
  body_hash: record.bodyHash,
  account_id: record.draft.account_id,
  type: record.draft.type,
  occurred_at: toIso(record.occurredAt),
  decided_at: record.draft.decided_at,
  outcome: record.draft.outcome,
  state: stateOfOutcome[record.draft.outcome],
  score: record.draft.score,
  draft: record.draft,
  sealed: record.sealed,
  salt: record.salt,
  api_key_id: record.apiKeyId,
  requests_per_day: record.requestsPerDay,
  case_id: record.caseId,
  case_due_at: toIso(record.caseDueAt),
  priority: record.priority,
  reason: record.draft.reasons[0]?.code ?? heldBlind,
  rules: record.draft.reasons.map(({ rule }) => rule),
  verify: record.draft.verify,
  ring_id: record.draft.ring?.id,
  rescore: record.rescore,
  detects_ring: record.detectsRing,
  trace: record.trace,
  paid_at: record.firstPaymentAt === undefined ? undefined : toIso(record.firstPaymentAt),
  rescore_at: record.rescoreAt === undefined ? undefined : toIso(record.rescoreAt),
  probation_quota: record.probationQuota,
});

/**
 * PostgreSQL's text cannot hold U+0000 nor half a surrogate pair, and one such string would refuse the whole batch:
 * they become U+FFFD. An escaped backslash is matched first, so that the text `\\u0000` stays what it was.
 */
const storable = (json: string): string =>
  json.replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (found) => (found === '\\\\' ? found : '\\ufffd'));

function rowJson(record: DecisionRecord): string {
  const inputs = record.inputsJson ?? JSON.stringify(record.inputs);
  return `${JSON.stringify(parameterOf(record)).slice(0, -1)},"inputs":${inputs}}`;
}

/** The one parameter of `commit_decisions`. */
export const batchParameter = (records: readonly DecisionRecord[]): string =>
  storable(`[${records.map(rowJson).join(',')}]`);

interface Answered {
  readonly access: Access;
  readonly caseId: string | null;
  readonly probation: boolean;
}

/** The answer as it goes out; the SQL function stores the same. */
function answerOf(draft: DecisionRecord['draft'], { access, caseId, probation }: Answered): Decision {
  const limits = access.requestsPerDay === undefined ? {} : { limits: { requests_per_day: access.requestsPerDay } };
  const { state, version } = access;
  const told = toldReason(draft, { state, probation });
  return { ...draft, public_reason: told, access: { state, version, ...limits }, case_id: caseId };
}

/** What became of a record. */
export function outcomeOf(record: DecisionRecord, row: CommitRow | undefined): CommitOutcome {
  if (row?.committed === true && row.state !== null && row.version !== null) {
    const access: Access = {
      accountId: record.draft.account_id,
      state: row.state,
      version: row.version,
      requestsPerDay: row.requests_per_day ?? undefined,
    };
    const decision = answerOf(record.draft, { access, caseId: row.case_id, probation: row.probation });
    return { kind: 'committed', decision, access, accessChanged: row.changed };
  }
  if (row === undefined || row.answer === null || row.body_hash === null) {
    return { kind: 'unavailable', reason: 'the event id is taken by a decision that is not there' };
  }
  const stored = { decision: row.answer, bodyHash: row.body_hash };
  return isSameBody(stored, sentBodyOf(record))
    ? { kind: 'replayed', decision: stored.decision }
    : { kind: 'mismatch' };
}
