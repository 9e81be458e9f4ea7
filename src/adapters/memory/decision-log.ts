import type { RingDetection } from '../../cases/access-batch.js';
import type { AccountRecord, CaseRecord } from '../../cases/case-records.js';
import { accessOfAccount } from '../../cases/shown-case.js';
import type {
  AccountStatus,
  CommitOutcome,
  DecisionLog,
  DecisionRecord,
  SealedEvent,
  StoredDecision,
} from '../../decisions/decision-log.js';
import { isSameBody, sentBodyOf } from '../../decisions/same-body.js';
import { toldReason } from '../../decisions/told-reason.js';
import { accessRank, stateOfOutcome } from '../../model/access.js';
import type { Decision } from '../../model/decision.js';
import { evidenceOf } from '../../verification/evidence-of.js';
import { caseOpenedBy, messagesOf } from './decision-effects.js';
import { type AccountHistory, MemoryTruth } from './memory-truth.js';
import { newMember } from './ring-cases.js';

/** The truth in memory, with the meaning of the SQL one. Nothing awaits within a commit: each is a transaction. */
export class MemoryDecisionLog implements DecisionLog {
  constructor(private readonly truth: MemoryTruth = new MemoryTruth()) {}

  async commit(record: DecisionRecord): Promise<CommitOutcome> {
    const earlier = this.storedFor(record.draft.event_id);
    if (earlier === undefined) return this.write(record);
    return isSameBody(earlier, sentBodyOf(record))
      ? { kind: 'replayed', decision: earlier.decision }
      : { kind: 'mismatch' };
  }

  async byId(decisionId: string): Promise<StoredDecision | undefined> {
    return this.truth.decisions.get(decisionId);
  }

  async byEventId(eventId: string): Promise<StoredDecision | undefined> {
    return this.storedFor(eventId);
  }

  async byAccount(
    accountId: string,
    page: { limit: number; before?: string | undefined },
  ): Promise<readonly StoredDecision[]> {
    const { before, limit } = page;
    const ids = this.truth.histories.get(accountId)?.decisionIds ?? [];
    const older = ids.filter((id) => before === undefined || id < before).sort();
    return older
      .reverse()
      .slice(0, limit)
      .flatMap((id) => this.truth.decisions.get(id) ?? []);
  }

  async eventsOf(accountId: string): Promise<readonly SealedEvent[]> {
    const events = this.truth.histories.get(accountId)?.events ?? [];
    return [...events].sort((a, b) => a.occurredAt - b.occurredAt);
  }

  async status(accountId: string): Promise<AccountStatus | undefined> {
    const account = this.truth.accounts.get(accountId);
    const history = this.truth.histories.get(accountId);
    if (account === undefined || history === undefined) return undefined;
    const requested = (this.truth.verifications.get(accountId) ?? []).filter(({ state }) => state === 'requested');
    return {
      access: accessOfAccount(account),
      verified: account.verified,
      clearedRules: account.clearedRules,
      evidence: evidenceOf(this.truth.verifications.get(accountId) ?? []),
      openCaseId: this.truth.undecidedCaseOf(accountId)?.id ?? null,
      pendingVerifications: [...new Set(requested.map(({ method }) => method))].sort(),
      firstSeenAt: history.firstSeenAt,
    };
  }

  private storedFor(eventId: string): StoredDecision | undefined {
    return this.truth.decisions.get(this.truth.decisionIdOfEvent.get(eventId) ?? '');
  }

  private write(record: DecisionRecord): CommitOutcome {
    const { truth } = this;
    const before = truth.accounts.get(record.draft.account_id);
    const after = accountAfter(record, before);
    truth.accounts.set(after.accountId, after);
    const opened = this.needsCase(record, { before, after }) ? this.placeCase(record) : undefined;
    const caseId = truth.undecidedCaseOf(after.accountId)?.id ?? null;
    const decision = answerOf(record, after, caseId);
    this.keep(record, decision);
    const detection = this.detectionBy(record);
    const { outbox, audit } = messagesOf({ decision, before, after, opened, detection });
    for (const message of outbox) truth.addMessage(message);
    truth.audit.push(audit);
    return {
      kind: 'committed',
      decision,
      access: accessOfAccount(after),
      accessChanged: after.version !== before?.version,
    };
  }

  /** A held account has a case; one whose approval waits for its undo window is about to be free. */
  private needsCase(
    { draft }: DecisionRecord,
    { before, after }: { before: AccountRecord | undefined; after: AccountRecord },
  ): boolean {
    const cases = this.truth.casesOf(draft.account_id);
    if (draft.outcome !== 'hold' || after.state !== 'held') return false;
    if (cases.some(({ state }) => state !== 'decided')) return false;
    return (
      after.version !== before?.version || !cases.some((one) => one.decision === 'approve' && one.appliedAt === null)
    );
  }

  /** In the case of its ring, which the first hold that finds the ring out opens, or in one of its own. */
  private placeCase(record: DecisionRecord): CaseRecord | undefined {
    const { ring, account_id: accountId, decided_at: decidedAt } = record.draft;
    const found = ring === null ? undefined : this.truth.undecidedCaseOfRing(ring.id);
    const opened = found === undefined ? caseOpenedBy(record, ring !== null && record.detectsRing) : undefined;
    if (opened !== undefined) this.openCase(opened);
    const shared = found ?? opened;
    if (shared?.wholeRing === true) this.truth.rings.put(newMember(shared.id, accountId, Date.parse(decidedAt)));
    return opened;
  }

  /** Once for each ring. */
  private detectionBy({ draft, detectsRing }: DecisionRecord): RingDetection | undefined {
    if (draft.ring === null || !detectsRing) return undefined;
    const batchId = `batch_${draft.id.slice(4)}`;
    const detection = { batchId, ringId: draft.ring.id, decisionId: draft.id, at: Date.parse(draft.decided_at) };
    return this.truth.rings.addBatch(detection) ? detection : undefined;
  }

  private openCase(opened: CaseRecord): void {
    const detail = { decision_id: opened.decisionId, reason: opened.reason };
    this.truth.putCase(opened);
    this.truth.addEntry({ caseId: opened.id, at: opened.openedAt, actor: 'system', kind: 'opened', detail });
  }

  private keep(record: DecisionRecord, decision: Decision): void {
    const { truth } = this;
    const { occurredAt, apiKeyId } = record;
    const known = truth.histories.get(decision.account_id);
    const history = known ?? newHistory(record);
    if (known === undefined) truth.histories.set(decision.account_id, history);
    history.firstSeenAt = Math.min(history.firstSeenAt, occurredAt);
    history.lastSeenAt = Math.max(history.lastSeenAt, occurredAt);
    if (decision.outcome === 'limit') keepLimit(history, decision);
    const isJudgedAgain = decision.type === 'signup' || history.judgedAgain?.event.type !== 'signup';
    if (isJudgedAgain || truth.keeps === 'everything') this.keepEvent(record, { decision, history, isJudgedAgain });
    // Access rests on the latest decision at least as strict as it.
    const carries = stateOfOutcome[decision.outcome] === decision.access.state;
    const { state } = decision.access;
    if (known === undefined && record.rescoreAt !== undefined && (state === 'admitted' || state === 'limited'))
      truth.rescores.set(decision.account_id, record.rescoreAt);
    if (carries) history.rescoreEventId = record.rescore ? decision.event_id : undefined;
    if (truth.keeps === 'everything' && apiKeyId !== undefined && !truth.keyOwners.has(apiKeyId))
      truth.keyOwners.set(apiKeyId, decision.account_id);
  }

  private keepEvent(record: DecisionRecord, { decision, history, isJudgedAgain }: KeptWith): void {
    const { truth } = this;
    const { occurredAt, sealed, salt } = record;
    const event = { eventId: decision.event_id, type: decision.type, occurredAt, sealed, salt };
    if (isJudgedAgain) history.judgedAgain = { event, decisionId: decision.id };
    if (truth.keeps === 'state') return;
    truth.decisions.set(decision.id, { decision, bodyHash: record.bodyHash, inputs: record.inputs });
    truth.decisionIdOfEvent.set(decision.event_id, decision.id);
    history.decisionIds.push(decision.id);
    history.events.push(event);
  }
}

const mostLimits = 200;

function keepLimit({ limits }: AccountHistory, { decided_at, verify, reasons }: Decision): void {
  limits.push({ at: Date.parse(decided_at), verify, rules: reasons.map(({ rule }) => rule) });
  if (limits.length > mostLimits) limits.shift();
}

interface KeptWith {
  readonly decision: Decision;
  readonly history: AccountHistory;
  /** This event is what the account is judged by when it is judged again. */
  readonly isJudgedAgain: boolean;
}

const newHistory = ({ occurredAt }: DecisionRecord): AccountHistory => ({
  firstSeenAt: occurredAt,
  lastSeenAt: occurredAt,
  rescoreEventId: undefined,
  judgedAgain: undefined,
  limits: [],
  decisionIds: [],
  events: [],
});

/** The very object that was there when nothing changes. */
function accountAfter(record: DecisionRecord, before: AccountRecord | undefined): AccountRecord {
  const state = stateOfOutcome[record.draft.outcome];
  if (before === undefined) return newAccount(record);
  const seen = withTimes(before, record);
  const tightens = accessRank[state] > accessRank[before.state] || (before.probation && state === 'limited');
  if (!tightens) return seen;
  return {
    ...seen,
    state,
    version: before.version + 1,
    cause: 'decision',
    requestsPerDay: state === 'limited' ? record.requestsPerDay : null,
    probation: false,
    changedAt: Date.parse(record.draft.decided_at),
  };
}

function withTimes(before: AccountRecord, { occurredAt, firstPaymentAt }: DecisionRecord): AccountRecord {
  const firstSeenAt = Math.min(before.firstSeenAt, occurredAt);
  const paidAt =
    firstPaymentAt === undefined
      ? before.firstPaymentAt
      : Math.min(before.firstPaymentAt ?? firstPaymentAt, firstPaymentAt);
  if (firstSeenAt === before.firstSeenAt && paidAt === before.firstPaymentAt) return before;
  return { ...before, firstSeenAt, firstPaymentAt: paidAt };
}

/** An account without evidence begins on probation where policy says so. */
function newAccount(record: DecisionRecord): AccountRecord {
  const decided = stateOfOutcome[record.draft.outcome];
  const probation = decided === 'admitted' && record.probationQuota !== undefined;
  const state = probation ? 'limited' : decided;
  const quota = probation ? record.probationQuota : record.requestsPerDay;
  return {
    accountId: record.draft.account_id,
    verified: false,
    clearedRules: [],
    label: null,
    state,
    version: 1,
    cause: 'decision',
    requestsPerDay: state === 'limited' ? (quota ?? null) : null,
    probation,
    firstSeenAt: record.occurredAt,
    firstPaymentAt: record.firstPaymentAt ?? null,
    changedAt: Date.parse(record.draft.decided_at),
  };
}

function answerOf({ draft }: DecisionRecord, account: AccountRecord, caseId: string | null): Decision {
  const { state, version, requestsPerDay } = accessOfAccount(account);
  const access =
    requestsPerDay === undefined
      ? { state, version }
      : { state, version, limits: { requests_per_day: requestsPerDay } };
  const answer: Decision = {
    id: draft.id,
    event_id: draft.event_id,
    type: draft.type,
    account_id: draft.account_id,
    outcome: draft.outcome,
    score: draft.score,
    access,
    reasons: draft.reasons,
    public_reason: toldReason(draft, account),
    verify: draft.verify,
    case_id: caseId,
    ring: draft.ring,
    shadow: draft.shadow,
    ruleset: draft.ruleset,
    unknown: draft.unknown,
    degraded: draft.degraded,
    decided_at: draft.decided_at,
    duration_ms: draft.duration_ms,
  };
  const { overruled_by, reported, unavailable, without } = draft;
  if (without !== undefined) answer.without = without;
  // Written out, and these only where there are any: copies by spreading get a hidden class each.
  return overruled_by === undefined && reported === undefined && unavailable === undefined
    ? answer
    : { ...draft, ...answer };
}
