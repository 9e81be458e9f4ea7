import type { AccessState } from '../model/access.js';
import type { DecisionDraft } from './decision-log.js';

interface Standing {
  readonly state: AccessState;
  /** Access is limited only because the account is new. */
  readonly probation: boolean;
}

/**
 * The `public_reason` as it goes out, once it is known what becomes of the account: one that is denied is offered no
 * verification, whatever this event amounts to. The SQL function `commit_decisions` stores the same.
 */
export function toldReason(
  { outcome, public_reason }: Pick<DecisionDraft, 'outcome' | 'public_reason'>,
  { state, probation }: Standing,
): string | null {
  if (state === 'denied') return 'access_refused';
  return probation && outcome === 'allow' ? 'usage_limited' : public_reason;
}
