import type { BatchResult, RingOrder } from '../cases/access-batch.js';
import type { CaseRecord, LoadedOne } from '../cases/case-records.js';
import { isSpared } from '../decisions/is-spared.js';
import type { AccessState } from '../model/access.js';
import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';

export const stateAfter = { approve: 'admitted', reject: 'denied' } as const satisfies Record<
  RingOrder['decision'],
  AccessState
>;

interface Judging {
  readonly order: RingOrder;
  readonly spare: Policy['retroHold'];
  /** The ring's case, decided with it. */
  readonly caseId: string | undefined;
  readonly now: Instant;
  /** Its age ends here. */
  readonly at: Instant;
}

/** Somebody has looked at the account and let it in. */
const letInBy: ReadonlySet<string> = new Set(['case', 'verification', 'manual']);

/** Under a running lease of somebody who is not one of those who decide. */
export const isClaimedByOther = (found: CaseRecord, { actor, second }: RingOrder, now: Instant): boolean =>
  found.state === 'claimed' &&
  (found.leaseUntil ?? 0) > now &&
  found.claimedBy !== actor &&
  (second === null || found.claimedBy !== second);

/** Four eyes on appeals: none of those who decide may be who held or denied the account. */
const isBarred = ({ barredActor }: CaseRecord, { actor, second }: RingOrder): boolean =>
  barredActor !== null && (barredActor === actor || barredActor === second);

/** What the decision makes of one member. A trial run and the real one ask the same. */
export function ringOutcomeOf(one: LoadedOne, judging: Judging): BatchResult {
  const { account } = one;
  const { order } = judging;
  if (order.exclude.includes(account.accountId)) return 'excluded';
  if (account.state === 'denied') return 'denied_before';
  if (account.state === 'held') return outcomeOfHeld(one, judging);
  if (order.decision === 'approve') return 'already';
  const isTrusted = account.clearedRules.length > 0 || letInBy.has(account.cause);
  return isTrusted || isSpared(judging.spare, account, judging.at) ? 'spared' : 'changed';
}

function outcomeOfHeld({ case: own }: LoadedOne, { order, caseId, now }: Judging): BatchResult {
  if (own === undefined || own.id === caseId) return 'changed';
  if (own.wholeRing) return 'other_case';
  if (isBarred(own, order)) return 'barred';
  return isClaimedByOther(own, order, now) ? 'claimed' : 'changed';
}
