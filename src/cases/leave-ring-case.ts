import type { CaseDraft } from './case-draft.js';
import type { Loaded } from './case-records.js';
import { transitionCase } from './transition-case.js';

/** How the account was settled, for the timeline. */
interface Leaving {
  readonly decision: 'approve' | 'reject';
  readonly [detail: string]: unknown;
}

/** One account is settled for itself. The case of its ring goes on for the others; without any it is closed. */
export function leaveRingCase(
  draft: CaseDraft,
  { account, case: found, member, isLastMember }: Pick<Loaded, 'account' | 'case' | 'member' | 'isLastMember'>,
  leaving: Leaving,
): void {
  if (found === undefined || member === undefined) return;
  draft.leaveRing(member);
  const detail = { account_id: account?.accountId ?? null, ...leaving };
  const { decision } = leaving;
  const closed =
    isLastMember === true && found.state !== 'decided'
      ? transitionCase(found, { kind: 'close', decision, actor: draft.actor }, draft.now)
      : undefined;
  if (closed?.ok === true) draft.saveCase(closed.value, 'decided', detail);
  else draft.addEntry(found.id, 'left', detail);
  // What follows concerns the account alone.
  if (closed?.ok !== true) draft.forgetCase();
}
