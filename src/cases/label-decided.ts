import { type AccountLabel, newestLabel } from '../model/label.js';
import type { Instant } from '../model/time.js';
import type { CaseDraft } from './case-draft.js';

/** When a person says what an account is: after all that is known of it, also where another clock is ahead. */
export const observedNow = ({ now }: CaseDraft, known: readonly AccountLabel[]): Instant =>
  Math.max(now, newestLabel(known)?.observedAt ?? now);

/**
 * A person lets the account in and says no label: a fraud label that counts until now is taken back by an honest one, or the
 * account would be held again at its next event by what the person has just decided about.
 */
export function takeFraudLabelBack(draft: CaseDraft, known: readonly AccountLabel[], source: string): void {
  const current = newestLabel(known);
  if (current?.label !== 'fraud') return;
  const { accountId } = current;
  draft.addLabel({ accountId, label: 'honest', source, observedAt: observedNow(draft, known) }, known);
}
