import { type AccessState, accessRank } from '../model/access.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { CaseDraft, type DraftContext } from './case-draft.js';
import type { AccountRecord, CaseRecords, Loaded } from './case-records.js';
import { leaveRingCase } from './leave-ring-case.js';
import { transitionCase } from './transition-case.js';

export const rescoreActor = 'rescore';

/** What a provisional decision amounts to now that its inputs are back. */
export interface AccountRescore {
  readonly accountId: string;
  readonly eventId: string;
  /** The access version it was planned on. */
  readonly version: number;
  readonly state: AccessState;
  readonly requestsPerDay: number | null;
  readonly probation: boolean;
  readonly score: number;
  readonly reason: string;
  readonly rules: readonly string[];
  readonly verify: readonly VerificationMethod[];
  readonly now: Instant;
}

/** True when access changed. An account that somebody changed meanwhile is left alone. */
export function rescoreAccount(
  records: CaseRecords,
  rescore: AccountRescore,
  newId: DraftContext['newId'],
): Promise<boolean> {
  return records.change({ accountId: rescore.accountId }, (loaded) => {
    const { account } = loaded;
    const isOurs =
      account?.version === rescore.version && (account.cause === 'decision' || account.cause === 'rescore');
    if (account === undefined || !isOurs || isAsBefore(account, rescore)) return { answer: false };
    const draft = new CaseDraft(loaded, { actor: rescoreActor, now: rescore.now, newId });
    const tightens = accessRank[rescore.state] > accessRank[account.state];
    if (!tightens) closeCase(draft, loaded, rescore);
    const { requestsPerDay, probation, eventId, rules } = rescore;
    draft.changeAccess(rescore.state, 'rescore', { event_id: eventId, rules }, { requestsPerDay, probation });
    if (rescore.state === 'held' && loaded.case === undefined)
      draft.openCase(rescore.reason, rescore.score, false, { event_id: rescore.eventId });
    return { answer: true, changes: draft.changes() };
  });
}

const isAsBefore = (account: AccountRecord, { state, probation }: AccountRescore): boolean =>
  account.state === state && account.probation === probation;

/** The case was there only because an input was missing: nobody needs to look at it. */
function closeCase(draft: CaseDraft, loaded: Loaded, { now }: AccountRescore): void {
  const { case: found } = loaded;
  if (found === undefined) return;
  if (found.wholeRing) {
    leaveRingCase(draft, loaded, { decision: 'approve', why: 'inputs are back' });
    return;
  }
  const closed = transitionCase(found, { kind: 'close', decision: 'approve', actor: rescoreActor }, now);
  if (closed.ok) draft.saveCase(closed.value, 'decided', { decision: 'approve', why: 'inputs are back' });
}
