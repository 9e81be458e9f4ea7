import type { CaseDraft } from './case-draft.js';
import type { Loaded } from './case-records.js';
import type { ManualChange } from './case-store.js';
import { transitionCase } from './transition-case.js';

/** Reason code of a case that a person's hold opens. */
export const manualHoldReason = 'manual.hold';
/** A person was sure enough to act: above the points that hold by rule. */
const manualHoldScore = 60;

/** hold, release or deny by a person, whatever the rules said; at the gate at once. */
export function changeManually(draft: CaseDraft, loaded: Loaded, change: ManualChange): void {
  const detail = { reason: change.reason };
  if (change.to === 'held') {
    hold(draft, loaded, change);
    return;
  }
  const decision = change.to === 'admitted' ? 'approve' : 'reject';
  if (loaded.case !== undefined) {
    const closed = transitionCase(loaded.case, { kind: 'close', decision, actor: change.actor }, change.now);
    if (closed.ok) draft.saveCase(closed.value, 'decided', { decision, ...detail });
  }
  if (change.to === 'admitted') draft.clear([...(loaded.case?.rules ?? []), ...loaded.hitRules], false);
  draft.record(`account.${decision === 'approve' ? 'released' : 'denied'}`, change.accountId, detail);
  draft.changeAccess(change.to, 'manual', detail);
}

function hold(draft: CaseDraft, { case: found }: Loaded, { accountId, reason, now }: ManualChange): void {
  draft.record('account.held', accountId, { reason });
  draft.changeAccess('held', 'manual', { reason });
  if (found === undefined) {
    draft.openCase(manualHoldReason, manualHoldScore, false, { reason });
    return;
  }
  const reopened = transitionCase(found, { kind: 'reopen' }, now);
  if (reopened.ok) draft.saveCase(reopened.value, 'held', { reason });
  else draft.addEntry(found.id, 'held', { reason });
}

/** A held account without a case would wait for ever: someone is to look at it. */
export const openMissingCase = (draft: CaseDraft): void =>
  draft.openCase(manualHoldReason, manualHoldScore, false, { repaired: true });
