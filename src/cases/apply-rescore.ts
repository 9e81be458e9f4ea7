import type { JudgedAgain } from '../decisions/judged-again.js';
import { accessRank } from '../model/access.js';
import type { AccessBatch } from './access-batches.js';
import { CaseDraft, type DraftContext, newCase } from './case-draft.js';
import { casePriority } from './case-priority.js';
import type { AccountRecord, CaseRecord, CaseRecords, LoadedOne } from './case-records.js';
import { rescoreActor } from './rescore-account.js';
import { heldRow } from './retro-hold.js';

/** Tightens access, or ends a probation. True when access changed; an account that changed since is left alone. */
export function applyRescore(
  records: CaseRecords,
  rescore: JudgedAgain,
  newId: DraftContext['newId'],
): Promise<boolean> {
  const { accountId, ring, now } = rescore;
  const ofRing = ring === null ? undefined : { ringId: ring.id };
  const subject = { accountIds: [accountId], ringCase: ofRing, batch: ofRing };
  return records.changeMany(subject, ({ accounts: [one], ringCase, batch }) => {
    if (one === undefined || !isApplicable(one, rescore)) return { answer: false };
    const draft = new CaseDraft(
      { account: one.account, case: undefined },
      { actor: rescoreActor, now, newId, sla: rescore.sla },
    );
    if (rescore.doubted === true) draft.doubt();
    if (rescore.state === 'held') hold(draft, { one, ringCase, batch, newId }, rescore);
    draft.changeAccess(
      rescore.state,
      'rescore',
      { event_id: rescore.eventId, rules: rescore.rules },
      { requestsPerDay: rescore.state === 'limited' ? rescore.requestsPerDay : null },
    );
    return { answer: true, changes: draft.changes() };
  });
}

function isApplicable({ account, case: found }: LoadedOne, { version, state, doubted }: JudgedAgain): boolean {
  if (account.version !== version || (account.verified && doubted !== true) || found !== undefined) return false;
  return account.probation ? accessRank[account.state] <= 1 : accessRank[state] > accessRank[account.state];
}

interface Holding {
  readonly one: LoadedOne;
  readonly ringCase: CaseRecord | undefined;
  readonly batch: AccessBatch | undefined;
  readonly newId: DraftContext['newId'];
}

/** In the case of its ring; the first that finds the ring out opens it. */
function hold(draft: CaseDraft, { one, ringCase, batch, newId }: Holding, rescore: JudgedAgain): void {
  const { accountId } = one.account;
  const { ring, now } = rescore;
  const wholeRing = ring !== null && rescore.detectsRing;
  if (wholeRing) tellBatch(draft, { account: one.account, batch, newId, ringId: ring.id }, rescore);
  const found = ringCase ?? openedCase(draft, rescore, wholeRing);
  draft.case = found;
  if (found.wholeRing)
    draft.saveMember({ caseId: found.id, accountId, joinedAt: now, leftAt: null, deniedVersion: null });
}

interface Telling {
  readonly account: AccountRecord;
  readonly batch: AccessBatch | undefined;
  readonly newId: DraftContext['newId'];
  readonly ringId: string;
}

/** The first that finds the ring out begins its batch; the others are part of it, and are taken back with it. */
function tellBatch(
  draft: CaseDraft,
  { account, batch, newId, ringId }: Telling,
  { decisionId, now }: JudgedAgain,
): void {
  if (batch === undefined) draft.detectRing({ batchId: newId('batch'), ringId, decisionId, at: now });
  if (batch?.state !== 'planned' && batch?.state !== 'done') return;
  const { accountId } = account;
  draft.saveBatchAccount({ batchId: batch.id, accountId, result: 'held', at: now, caseId: null, ...heldRow(account) });
}

function openedCase(draft: CaseDraft, rescore: JudgedAgain, wholeRing: boolean): CaseRecord {
  const { accountId, decisionId, eventId, score, cost, reason, rules, verify, ring, now } = rescore;
  const priority = casePriority({ score, cost, ringSize: wholeRing ? (ring?.size ?? 1) : 1 });
  const ringId = ring?.id ?? null;
  const prepared = newCase(draft.newCaseId(), accountId, now);
  return draft.openPrepared(
    { ...prepared, decisionId, score, reason, rules, verify, ringId, wholeRing, priority },
    { event_id: eventId },
  );
}
