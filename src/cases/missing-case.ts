import type { CaseDraft } from './case-draft.js';

/** Reason code of a case that a person's hold opens. */
export const manualHoldReason = 'manual.hold';
/** A person was sure enough to act: above the points that hold by rule. */
export const manualHoldScore = 60;

/** A held account without a case would wait for ever: someone is to look at it. */
export const openMissingCase = (draft: CaseDraft): void =>
  draft.openCase(manualHoldReason, { score: manualHoldScore }, { repaired: true });
