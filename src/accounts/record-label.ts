import type { CaseDraft } from '../cases/case-draft.js';
import { prioritySteps } from '../cases/case-priority.js';
import type { CaseRecord, Loaded } from '../cases/case-records.js';
import { leaveRingCase } from '../cases/leave-ring-case.js';
import { transitionCase } from '../cases/transition-case.js';
import type { AccountLabel } from '../model/label.js';

/** Reason code of a case that a fraud label opens. */
const fraudLabelReason = 'history.fraud_label';
/** Truth, not points: as high as a score can be. */
const fraudLabelScore = 100;

/** False when this very label was recorded before: nothing is written then. */
export function recordLabel(draft: CaseDraft, loaded: Loaded, label: AccountLabel, now: number): boolean {
  if (loaded.labels.some((known) => isSame(known, label))) return false;
  // Something newer is known of the account: what comes late holds nobody.
  if (!draft.addLabel(label, loaded.labels)) return true;
  const state = loaded.account?.state;
  if (label.label === 'honest' || state === undefined || state === 'denied') return true;
  if (loaded.case === undefined || isBeingApproved(loaded.case)) {
    leaveRingCase(draft, loaded, { decision: 'reject', why: 'fraud label' });
    draft.changeAccess('held', 'label', { source: label.source });
    draft.openCase(fraudLabelReason, { score: fraudLabelScore, confirmedFraud: true }, { source: label.source });
    return true;
  }
  urge(draft, loaded.case, label, now);
  draft.changeAccess('held', 'label', { source: label.source });
  return true;
}

/** A case is there: the first label makes it more urgent, and an approval that has not reached the gate is taken back. */
function urge(draft: CaseDraft, found: NonNullable<Loaded['case']>, { source }: AccountLabel, now: number): void {
  const reopened = transitionCase(found, { kind: 'reopen' }, now);
  const next = reopened.ok ? reopened.value : { ...found, version: found.version + 1 };
  const added = next.fraudLabelled ? 0 : prioritySteps.fraudLabel;
  draft.saveCase({ ...next, priority: next.priority + added, fraudLabelled: true }, 'fraud_label', { source });
}

/** A ring that is about to be approved is not stopped by one account: that one gets a case of its own. */
const isBeingApproved = ({ wholeRing, state }: CaseRecord): boolean => wholeRing && state === 'decided';

const isSame = (a: AccountLabel, b: AccountLabel): boolean =>
  a.label === b.label && a.source === b.source && a.observedAt === b.observedAt;
