import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { AccountRecord, CaseRecords, Loaded } from '../cases/case-records.js';
import { leaveRingCase } from '../cases/leave-ring-case.js';
import { transitionCase } from '../cases/transition-case.js';
import type { FoundAgain, Rescored } from '../decisions/judged-again.js';
import { accessRank } from '../model/access.js';

export const rescoreActor = 'rescore';
/** What a decision that missed inputs came to with them, whether or not access changed. */
export const judgedAgainKind = 'account.judged_again';

/** True when access changed. An account that somebody changed meanwhile is left alone. */
export function rescoreAccount(
  records: CaseRecords,
  rescore: Rescored,
  newId: DraftContext['newId'],
): Promise<boolean> {
  return records.change({ accountId: rescore.accountId }, (loaded) => {
    const { account } = loaded;
    const isOurs =
      account?.version === rescore.version && (account.cause === 'decision' || account.cause === 'rescore');
    if (account === undefined || !isOurs) return { answer: false };
    const draft = new CaseDraft(loaded, { actor: rescoreActor, now: rescore.now, newId, sla: rescore.sla });
    for (const found of rescore.found) tellFound(draft, rescore.accountId, found);
    if (isAsBefore(account, rescore)) return { answer: false, changes: draft.changes() };
    const tightens = accessRank[rescore.state] > accessRank[account.state];
    if (!tightens) closeCase(draft, loaded, rescore);
    const { requestsPerDay, probation, eventId, rules } = rescore;
    draft.changeAccess(rescore.state, 'rescore', { event_id: eventId, rules }, { requestsPerDay, probation });
    if (rescore.state === 'held' && loaded.case === undefined)
      draft.openCase(rescore.reason, rescore, { event_id: rescore.eventId });
    return { answer: true, changes: draft.changes() };
  });
}

function tellFound(draft: CaseDraft, accountId: string, { eventId, ...found }: FoundAgain): void {
  draft.record(judgedAgainKind, accountId, { event_id: eventId, ...found });
}

const isAsBefore = (account: AccountRecord, { state, probation }: Rescored): boolean =>
  account.state === state && account.probation === probation;

/** The case was there only because an input was missing: nobody needs to look at it. */
function closeCase(draft: CaseDraft, loaded: Loaded, { now }: Rescored): void {
  const { case: found } = loaded;
  if (found === undefined) return;
  if (found.wholeRing) {
    leaveRingCase(draft, loaded, { decision: 'approve', why: 'inputs are back' });
    return;
  }
  const closed = transitionCase(found, { kind: 'close', decision: 'approve', actor: rescoreActor }, now);
  if (closed.ok) draft.saveCase(closed.value, 'decided', { decision: 'approve', why: 'inputs are back' });
}
