import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import { methodsToAsk } from './asked-methods.js';
import type { CaseDraft } from './case-draft.js';
import { prioritySteps } from './case-priority.js';
import type { AccountRecord, CaseRecord, Loaded, LoadedCase } from './case-records.js';
import { observedNow, takeFraudLabelBack } from './label-decided.js';
import type { DecideCase } from './review-queue.js';
import { transitionCase, undoWindowMs } from './transition-case.js';

export const labelSourceOf = (caseId: string): string => `case:${caseId}`;

/** By the claim of this number. */
type Deciding = Omit<DecideCase, 'caseId' | 'claimToken'> & { readonly claimNumber: number };

/** approve: waits for the undo window; reject: denied at once; request_verification: asks and frees the claim. */
export function decideCase(
  draft: CaseDraft,
  loaded: Pick<LoadedCase, 'case' | 'verifications' | 'labels'>,
  command: Deciding,
): Result<undefined, Problem> {
  const { decision, claimNumber, actor, now } = command;
  if (decision === 'request_verification') return requestVerification(draft, loaded, command);
  if (loaded.case.wholeRing && command.isSenior !== true) return err(ringsAreForSeniors());
  const next = transitionCase(loaded.case, { kind: 'decide', claimNumber, decision, actor }, now);
  if (!next.ok) return next;
  const { reason, note, label } = command;
  const detail = { decision, reason: reason ?? null, note: note ?? null, label: label ?? null };
  if (next.value.wholeRing) {
    // Its members are told page by page (settle-ring).
    draft.saveCase({ ...next.value, settling: true, memberLabel: label ?? null }, 'decided', detail);
    return ok(undefined);
  }
  draft.saveCase(next.value, 'decided', detail);
  if (decision === 'reject') draft.changeAccess('denied', 'case', { case_id: next.value.id });
  if (label !== undefined) {
    const source = labelSourceOf(next.value.id);
    const given = { accountId: next.value.accountId, label, source, observedAt: observedNow(draft, loaded.labels) };
    draft.addLabel(given, loaded.labels, now + undoWindowMs);
  }
  return ok(undefined);
}

/** One decision about many accounts: the same right as for `/v1/rings/{id}/decisions`. */
const ringsAreForSeniors = (): Problem =>
  problem('forbidden', {
    detail:
      'to release or deny a whole ring needs a key with the role senior or admin: escalate the case, or ask for verification',
  });

/** The id that a machine asks under, the same on every retry of the same request. */
export const requestIdOf = (caseId: string, jobVersion: number, method: string): string =>
  `${caseId}_${jobVersion}_${method}`;

/**
 * The case goes back to `open`, its claim free, with a lower priority while answers are awaited: nobody has to sit on
 * it, and anyone may still take it and decide otherwise.
 */
function requestVerification(
  draft: CaseDraft,
  loaded: Pick<LoadedCase, 'case' | 'verifications'>,
  { claimNumber, actor, now, note, reason }: Deciding,
): Result<undefined, Problem> {
  const next = transitionCase(loaded.case, { kind: 'await_verification', claimNumber, actor }, now);
  if (!next.ok) return next;
  const { id, accountId, version, wholeRing } = next.value;
  const methods = methodsToAsk(next.value);
  const outstanding = loaded.verifications.filter((one) => one.caseId === id && one.state === 'requested');
  // Members of a ring are asked one by one when the job runs.
  const waits = wholeRing || outstanding.length > 0;
  const priority = next.value.priority + (waits ? 0 : prioritySteps.awaitingVerification);
  const detail = { methods, reason: reason ?? null, note: note ?? null };
  draft.saveCase({ ...next.value, priority, jobVersion: version }, 'verification_requested', detail);
  for (const method of wholeRing ? [] : methods) {
    const asked = { accountId, caseId: id, method, evidence: {}, requestedAt: now, finishedAt: null, actor };
    const earlier = outstanding.find((one) => one.method === method);
    // One outstanding request for each method: an earlier one stays the one that is answered.
    if (earlier === undefined)
      draft.saveVerification({ ...asked, id: requestIdOf(id, version, method), state: 'requested' });
  }
  const payload = { case_id: id, account_id: accountId, version, methods };
  draft.send({ kind: 'verification_requested', subject: id, payload });
  return ok(undefined);
}

/** Of a rejection: it is what denied the account, and nothing has changed access since. */
const isDeniedBy = ({ decidedAt }: CaseRecord, account: AccountRecord): boolean =>
  account.state === 'denied' && account.cause === 'case' && account.changedAt === decidedAt;

/**
 * Undefined where the decision is still the last word on the account; else why it is not taken back: a release, a denial
 * by hand or whatever came after it would go with it. Members of a ring are looked at one by one (settle-ring).
 */
export function whyNotUndone({ account, case: found }: Loaded & { readonly case: CaseRecord }): Problem | undefined {
  if (found.wholeRing) return undefined;
  if (account === undefined) return problem('conflict', { detail: 'the account is gone' });
  const decidedAt = found.decidedAt ?? 0;
  const isLastWord =
    found.decision === 'reject'
      ? isDeniedBy(found, account) || (account.state === 'denied' && account.changedAt < decidedAt)
      : account.changedAt <= decidedAt;
  if (isLastWord) return undefined;
  const detail = `the account's access was changed since the decision: it is ${account.state} (${account.cause})`;
  return problem('conflict', { detail });
}

/** Takes a person's decision back: the case is open again, a denied account is held again, its label is withdrawn. */
export function undoDecision(draft: CaseDraft, loaded: Loaded & { readonly case: CaseRecord }, next: CaseRecord): void {
  const source = labelSourceOf(next.id);
  const detail = { decision: loaded.case.decision };
  if (next.wholeRing) {
    draft.saveCase({ ...next, settling: loaded.case.decision === 'reject', memberLabel: null }, 'undone', detail);
    return;
  }
  draft.saveCase(next, 'undone', detail);
  // An account that was denied before the rejection stays so.
  if (loaded.account !== undefined && isDeniedBy(loaded.case, loaded.account))
    draft.changeAccess('held', 'case', { case_id: next.id, undone: true });
  draft.withdrawLabels(source, loaded.labels);
}

/** A label was given with the decision: it stands, whatever it is. */
const saysLabel = ({ labels, case: { id, decidedAt } }: Loaded & { readonly case: CaseRecord }): boolean =>
  labels.some(({ source, recordedAt }) => source === labelSourceOf(id) && recordedAt === decidedAt);

/**
 * The undo window is over: the account is admitted and the case's rules no longer count against it. When newer evidence
 * has opened another case meanwhile, or someone has denied the account, the approval is settled without effect.
 */
export function applyApproval(
  draft: CaseDraft,
  loaded: Loaded & { readonly case: CaseRecord },
  next: CaseRecord,
): void {
  const lifts = loaded.account?.state === 'held' && !loaded.hasOtherUndecided;
  draft.saveCase(next, 'applied', { admitted: lifts });
  if (!lifts) return;
  if (!saysLabel(loaded)) takeFraudLabelBack(draft, loaded.labels, labelSourceOf(next.id));
  draft.changeAccess('admitted', 'case', { case_id: next.id });
  draft.clear([...next.rules, ...loaded.hitRules], false);
}
