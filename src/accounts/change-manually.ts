import type { CaseDraft } from '../cases/case-draft.js';
import type { CaseRecord, Loaded } from '../cases/case-records.js';
import { takeFraudLabelBack } from '../cases/label-decided.js';
import { leaveRingCase } from '../cases/leave-ring-case.js';
import { manualHoldReason, manualHoldScore } from '../cases/missing-case.js';
import { transitionCase } from '../cases/transition-case.js';
import type { ManualChange } from './account-changes.js';

/** Who says that an account is honest whose fraud label a release takes back. */
const releaseSource = 'manual';

/** hold, release or deny by a person, whatever the rules said; at the gate at once. */
export function changeManually(draft: CaseDraft, loaded: Loaded, change: ManualChange): void {
  if (change.to === 'held') {
    hold(draft, loaded, change);
    return;
  }
  settle(draft, loaded, { ...change, to: change.to });
}

function settle(draft: CaseDraft, loaded: Loaded, change: ManualChange & { readonly to: 'admitted' | 'denied' }): void {
  const detail = { reason: change.reason };
  const decision = change.to === 'admitted' ? 'approve' : 'reject';
  if (loaded.case?.wholeRing === true) leaveRingCase(draft, loaded, { decision, actor: change.actor, ...detail });
  else if (loaded.case !== undefined) {
    const closed = transitionCase(loaded.case, { kind: 'close', decision, actor: change.actor }, change.now);
    if (closed.ok) draft.saveCase(closed.value, 'decided', { decision, ...detail });
  }
  if (change.to === 'admitted') {
    draft.clear([...(loaded.case?.rules ?? []), ...loaded.hitRules], false);
    takeFraudLabelBack(draft, loaded.labels, releaseSource);
  }
  recordManual(draft, loaded, change);
  draft.changeAccess(change.to, 'manual', detail);
}

/** Kinds of the audit that tell of a person's change of an account; its history shows them. */
export const manualKinds = { held: 'account.held', admitted: 'account.released', denied: 'account.denied' } as const;

/** Also where the account was in that state already: somebody said so, and why. */
function recordManual(draft: CaseDraft, { account }: Loaded, { accountId, to, reason }: ManualChange): void {
  draft.record(manualKinds[to], accountId, { reason, from: account?.state ?? null, to });
}

function hold(draft: CaseDraft, loaded: Loaded, change: ManualChange): void {
  const { accountId, reason, now } = change;
  recordManual(draft, loaded, change);
  const found = caseThatHolds(draft, loaded);
  draft.changeAccess('held', 'manual', { reason });
  if (found === undefined) {
    draft.openCase(manualHoldReason, { score: manualHoldScore }, { note: reason });
    return;
  }
  const reopened = transitionCase(found, { kind: 'reopen' }, now);
  const detail = found.wholeRing ? { account_id: accountId, reason } : { reason };
  if (reopened.ok) draft.saveCase(reopened.value, 'held', detail);
  else draft.addEntry(found.id, 'held', detail);
}

/** Out of a ring that is about to be approved, an account that is to be held gets a case of its own. */
function caseThatHolds(draft: CaseDraft, loaded: Loaded): CaseRecord | undefined {
  if (loaded.case?.wholeRing !== true || loaded.case.state !== 'decided') return loaded.case;
  leaveRingCase(draft, loaded, { decision: 'reject', why: 'held by itself' });
  return undefined;
}
