import { type AccessBatch, type BatchState, heldRow } from '../cases/access-batch.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import { casePriority } from '../cases/case-priority.js';
import type { CaseRecord, CaseRecords, LoadedOne, Planned } from '../cases/case-records.js';
import { newCase } from '../cases/new-case.js';
import type { JudgedAgain } from '../decisions/judged-again.js';
import { accessRank } from '../model/access.js';
import type { Instant } from '../model/time.js';
import { rescoreActor } from './rescore-account.js';

/** Port: the batch of a ring that was found out goes on with an account. */
interface RingBatches {
  /** Adds those that the batch does not know yet. */
  plan(batchId: string, members: readonly { readonly accountId: string; readonly joinedAt: Instant }[]): Promise<void>;
  /** Unless it is in another state meanwhile: then it is false. */
  save(batch: AccessBatch, from: BatchState): Promise<boolean>;
}

interface ApplyRescorePorts {
  readonly records: CaseRecords;
  readonly batches: RingBatches;
  readonly newId: DraftContext['newId'];
}

interface Applied {
  readonly isChanged: boolean;
  /** The batch of its ring that is to hold it. */
  readonly waitsFor?: AccessBatch | undefined;
}

/**
 * Tightens access, or ends a probation. True when access changed; an account that changed since is left alone. Whom only
 * its ring holds, and that ring was found out before, waits in the ring's batch: that one knows the hourly budget, and a ring
 * whose batch was taken back holds nobody afterwards.
 */
export async function applyRescore(ports: ApplyRescorePorts, rescore: JudgedAgain): Promise<boolean> {
  const { isChanged, waitsFor } = await changeAccess(ports, rescore);
  if (waitsFor !== undefined) await waitInBatch(waitsFor, ports, rescore);
  return isChanged;
}

function changeAccess({ records, newId }: ApplyRescorePorts, rescore: JudgedAgain): Promise<Applied> {
  const { accountId, ring, now } = rescore;
  const ofRing = ring === null ? undefined : { ringId: ring.id };
  const subject = { accountIds: [accountId], ringCase: ofRing, batch: ofRing };
  return records.changeMany(subject, ({ accounts: [one], ringCase, batch, results }): Planned<Applied> => {
    if (one === undefined || !isApplicable(one, rescore)) return { answer: { isChanged: false } };
    const isLeftToBatch = rescore.detectsRing && rescore.doubted !== true && batch !== undefined;
    const applied = isLeftToBatch ? withoutRing(rescore) : rescore;
    const waitsFor = isLeftToBatch && isRunning(batch) && !results.has(accountId) ? batch : undefined;
    if (applied === undefined) return { answer: { isChanged: false, waitsFor } };
    const draft = new CaseDraft(
      { account: one.account, case: undefined },
      { actor: rescoreActor, now, newId, sla: rescore.sla },
    );
    if (rescore.doubted === true) draft.doubt();
    if (applied.detectsRing && ring !== null) tellBatch(draft, { one, batch, newId, ringId: ring.id }, applied);
    if (applied.state === 'held') hold(draft, { one, ringCase }, applied);
    draft.changeAccess(
      applied.state,
      'rescore',
      { event_id: rescore.eventId, rules: applied.rules },
      { requestsPerDay: applied.state === 'limited' ? rescore.requestsPerDay : null },
    );
    return { answer: { isChanged: true, waitsFor }, changes: draft.changes() };
  });
}

const withoutRing = (rescore: JudgedAgain): JudgedAgain | undefined =>
  rescore.apartFromRings && { ...rescore, ...rescore.apartFromRings, detectsRing: false };

const isRunning = ({ state }: AccessBatch): boolean => state === 'planned' || state === 'done';

/** A batch that has held everybody goes on with those that have come since. Done again, it is the same. */
async function waitInBatch(
  batch: AccessBatch,
  { batches }: ApplyRescorePorts,
  { accountId, now }: JudgedAgain,
): Promise<void> {
  await batches.plan(batch.id, [{ accountId, joinedAt: now }]);
  await batches.save({ ...batch, state: 'planned', notBefore: now, finishedAt: null }, 'done');
}

function isApplicable({ account, case: found }: LoadedOne, { version, state, doubted }: JudgedAgain): boolean {
  if (account.version !== version || (account.verified && doubted !== true) || found !== undefined) return false;
  return account.probation ? accessRank[account.state] <= 1 : accessRank[state] > accessRank[account.state];
}

interface Holding {
  readonly one: LoadedOne;
  readonly ringCase: CaseRecord | undefined;
}

/** In the case of its ring; the first that finds the ring out opens it. */
function hold(draft: CaseDraft, { one, ringCase }: Holding, rescore: JudgedAgain): void {
  const { accountId } = one.account;
  const { ring, now } = rescore;
  const found = ringCase ?? openedCase(draft, rescore, ring !== null && rescore.detectsRing);
  draft.case = found;
  if (found.wholeRing)
    draft.saveMember({ caseId: found.id, accountId, joinedAt: now, leftAt: null, deniedVersion: null });
}

interface Telling {
  readonly one: LoadedOne;
  readonly batch: AccessBatch | undefined;
  readonly newId: DraftContext['newId'];
  readonly ringId: string;
}

/** The first that finds the ring out begins its batch; who is held in doubt is part of it, and is taken back with it. */
function tellBatch(
  draft: CaseDraft,
  { one: { account }, batch, newId, ringId }: Telling,
  { decisionId, now, state }: JudgedAgain,
): void {
  if (batch === undefined) draft.detectRing({ batchId: newId('batch'), ringId, decisionId, at: now });
  if (batch === undefined || !isRunning(batch) || state !== 'held') return;
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
