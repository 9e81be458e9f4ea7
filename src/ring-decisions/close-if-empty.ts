import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { LoadedMany } from '../cases/case-records.js';
import { transitionCase } from '../cases/transition-case.js';

/** A case that is left without accounts has nothing to decide any more. */
export function closeIfEmpty(
  { ringCase, hasOtherMembers, accounts }: LoadedMany,
  drafts: readonly CaseDraft[],
  context: DraftContext,
): CaseDraft | undefined {
  if (ringCase === undefined || hasOtherMembers || accounts.length === 0) return undefined;
  const leaving = drafts.flatMap((draft) => draft.changes().members);
  if (accounts.some(({ member }) => member && !leaving.some(({ accountId }) => accountId === member.accountId)))
    return undefined;
  const closed = transitionCase(ringCase, { kind: 'close', decision: 'approve', actor: context.actor }, context.now);
  if (!closed.ok) return undefined;
  const draft = new CaseDraft({ account: undefined, case: ringCase }, context);
  draft.saveCase(closed.value, 'decided', { decision: 'approve', why: 'the batch was taken back' });
  return draft;
}
