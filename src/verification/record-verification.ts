import { methodsOf, wasAsked } from '../cases/asked-methods.js';
import type { CaseDraft } from '../cases/case-draft.js';
import { prioritySteps } from '../cases/case-priority.js';
import type { CaseRecord, Loaded, VerificationRecord } from '../cases/case-records.js';
import { leaveRingCase } from '../cases/leave-ring-case.js';
import { transitionCase } from '../cases/transition-case.js';
import type { Problem } from '../model/problem.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { isProof } from './evidence-of.js';
import { liftOf } from './lift-limit.js';
import { mismatchOf, ofAnotherAccount } from './verification-answer.js';
import { latestAnswer } from './verification-attempts.js';
import type { VerificationResult } from './verification-result.js';

/** Who decides when every method has passed. */
const verificationActor = 'verification';

/** False when this request was answered just so before: nothing is written then, nor where its id stands for something else. */
export function recordVerification(
  draft: CaseDraft,
  loaded: Loaded,
  given: VerificationResult & { readonly newId: () => string },
): boolean | Problem {
  // One phone that verifies many accounts proves nothing for the next, and speaks against it.
  const isShared = given.result === 'passed' && given.sharedBy !== undefined;
  const result = isShared ? { ...given, result: 'failed' as const } : { ...given, sharedBy: undefined };
  const asked = requestOf(loaded, result);
  const mismatch = loaded.isIdOfAnother === true ? ofAnotherAccount() : asked && mismatchOf(asked, given);
  if (mismatch !== undefined) return mismatch;
  if (asked !== undefined && asked.state !== 'requested') return false;
  const finished = finish(loaded, result, asked);
  draft.saveVerification(finished);
  if (isProof(finished) && Object.keys(finished.evidence).length > 0) draft.tellEvidence(finished);
  draft.record('verification.recorded', result.accountId, {
    method: result.method,
    result: given.result,
    ...(isShared ? { shared_by: given.sharedBy } : {}),
  });
  const rows = [...loaded.verifications.filter(({ id }) => id !== finished.id), finished];
  if (result.result === 'passed') {
    draft.clear([], true);
    // It was limited only because nothing was known of it yet.
    if (loaded.account?.probation === true) draft.changeAccess('admitted', 'verification', { method: result.method });
    liftLimit(draft, { ...loaded, rows }, result);
  }
  if (loaded.case === undefined) return true;
  const found = loaded.case;
  const waited = loaded.verifications.some((row) => isOutstanding(row, found));
  const failedBefore = loaded.verifications.some(
    ({ caseId, method, state }) => caseId === found.id && method === result.method && state === 'failed',
  );
  settleCase(draft, { ...loaded, case: found, rows, waited, failedBefore }, result);
  return true;
}

/** A limit goes like a hold: once all that was asked for has passed, and what was answered counts no more. */
function liftLimit(
  draft: CaseDraft,
  { account, limits, rows }: Pick<Loaded, 'account' | 'limits'> & Pick<Settling, 'rows'>,
  { method }: VerificationResult,
): void {
  const lift = liftOf(limits);
  if (account === undefined || lift === undefined) return;
  if (!lift.verify.every((one) => hasPassed(rows, one, account.changedAt))) return;
  draft.changeAccess('admitted', 'verification', { method });
  draft.clear(lift.rules, true);
}

interface Settling extends Pick<Loaded, 'account' | 'hitRules' | 'member' | 'isLastMember'> {
  readonly case: CaseRecord;
  /** The account's verifications, this answer included. */
  readonly rows: readonly VerificationRecord[];
  /** Answers were outstanding before this one. */
  readonly waited: boolean;
  /** The method failed for this case already: a result that is delivered twice must not count twice. */
  readonly failedBefore: boolean;
}

/** By its id, else the oldest outstanding request for this method. */
function requestOf(
  { verifications }: Loaded,
  { requestId, method }: VerificationResult,
): VerificationRecord | undefined {
  if (requestId !== undefined) return verifications.find(({ id }) => id === requestId);
  return verifications.find((row) => row.method === method && row.state === 'requested');
}

function finish(
  loaded: Loaded,
  {
    accountId,
    method,
    result,
    evidence,
    actor,
    now,
    requestId,
    sharedBy,
    newId,
  }: VerificationResult & { newId: () => string },
  asked: VerificationRecord | undefined,
): VerificationRecord {
  const id = asked?.id ?? requestId ?? newId();
  const requestedAt = asked?.requestedAt ?? now;
  const caseId = asked?.caseId ?? loaded.case?.id ?? null;
  const shared = sharedBy === undefined ? {} : { sharedBy };
  const finishedAt = after(loaded.verifications, now);
  return { id, accountId, caseId, method, state: result, evidence, requestedAt, finishedAt, actor, ...shared };
}

/** Answers of the same moment, or told by clocks that differ, are in the order in which they were recorded. */
const after = (rows: readonly VerificationRecord[], now: Instant): Instant =>
  Math.max(now, ...rows.map(({ finishedAt }) => (finishedAt ?? 0) + 1));

/** Admits a held account once every method its case asks for has passed; a failure makes the case more urgent. */
function settleCase(draft: CaseDraft, settling: Settling, result: VerificationResult): void {
  const { account, case: found, rows, waited, failedBefore, hitRules, member } = settling;
  const since = member?.joinedAt ?? found.openedAt;
  const methods = methodsOf(found);
  const missing = methods.filter((one) => !hasPassed(rows, one, since));
  const shared = result.sharedBy === undefined ? {} : { shared_by: result.sharedBy };
  const detail = { method: result.method, missing, ...shared };
  const lifts = methods.length > 0 && missing.length === 0 && !isKnownFraud(settling);
  if (lifts && account?.state === 'held' && result.result === 'passed') {
    if (found.wholeRing) admitMember(draft, settling, result);
    else approve(draft, { ...found, rules: [...found.rules, ...hitRules] }, result);
    return;
  }
  if (found.wholeRing) {
    draft.addEntry(found.id, `verification_${result.result}`, { ...detail, account_id: result.accountId });
    return;
  }
  if (found.state === 'decided') {
    draft.saveCase(found, `verification_${result.result}`, detail);
    return;
  }
  const waits = rows.some((row) => isOutstanding(row, found));
  const back = waited && !waits ? -prioritySteps.awaitingVerification : 0;
  const step = result.result === 'failed' && !failedBefore ? prioritySteps.failedVerification : 0;
  const next = { ...found, priority: found.priority + back + step, version: found.version + 1 };
  draft.saveCase(next, `verification_${result.result}`, detail);
}

/** A label that came to a case whose rules asked for nothing in particular: a mailbox says nothing against it. */
const isKnownFraud = ({ account, case: found }: Settling): boolean =>
  account?.label === 'fraud' && found.verify.length === 0 && !wasAsked(found);

function approve(draft: CaseDraft, found: CaseRecord, { method, now }: VerificationResult): void {
  const closed = transitionCase(found, { kind: 'close', decision: 'approve', actor: verificationActor }, now);
  if (!closed.ok) return;
  draft.saveCase(closed.value, 'decided', { decision: 'approve', method });
  draft.changeAccess('admitted', 'verification', { case_id: found.id });
  draft.clear(found.rules, true);
}

/** It proved itself, not its ring: it leaves the ring's case. */
function admitMember(draft: CaseDraft, { case: found, hitRules, ...loaded }: Settling, { method }: VerificationResult) {
  leaveRingCase(draft, { ...loaded, case: found }, { decision: 'approve', why: 'verification', method });
  draft.changeAccess('admitted', 'verification', { case_id: found.id });
  draft.clear([...found.rules, ...hitRules], true);
}

const isOutstanding = ({ caseId, state }: VerificationRecord, found: CaseRecord): boolean =>
  caseId === found.id && state === 'requested';

/** The latest answer counts, and only one given since the case was opened, or the account joined it: older proof is about older evidence. */
const hasPassed = (rows: readonly VerificationRecord[], method: VerificationMethod, since: Instant): boolean =>
  latestAnswer(
    rows.filter((row) => row.method === method),
    since,
  )?.state === 'passed';
