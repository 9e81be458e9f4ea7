import type { BatchAccount } from '../cases/access-batch.js';
import { methodsOf } from '../cases/asked-methods.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { CaseRecord, LoadedOne } from '../cases/case-records.js';
import { labelSourceOf } from '../cases/decide-case.js';
import { mergeChanges } from '../cases/merge-changes.js';
import { openMissingCase } from '../cases/missing-case.js';
import { transitionCase } from '../cases/transition-case.js';
import type { RingDecision } from './access-batches.js';
import { finishCaseOf, openCaseOf, tellOfDecision } from './ring-decision-case.js';
import { openLikeRings } from './ring-decision-pages.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';

const pageSize = 100;

/** Takes a decision about a ring back, for everybody whom nothing has changed since; goes on with what was begun. */
export async function finishRingUndo(batch: RingDecision, ports: RingDecisionPorts): Promise<RingDecision> {
  const { batches, clock } = ports;
  const first = await batches.accountsWith(batch.id, 'changed', 1);
  if (first.length > 0) await finishCaseOf(batch, ports);
  for (;;) {
    const changed = await batches.accountsWith(batch.id, 'changed', pageSize);
    if (changed.length === 0) break;
    await restorePage(batch, changed, ports);
    ports.onPage?.();
  }
  await reopenForThoseLeft(batch, ports);
  const undone: RingDecision = { ...batch, state: 'undone', undoneAt: clock.now() };
  if (await batches.save(undone, 'undoing'))
    await tellOfDecision(undone, { kind: 'decision_undone', actor: batch.undoneBy ?? 'system' }, ports);
  return undone;
}

/** Taken back before all were told: those who are in its case still wait for a decision. */
async function reopenForThoseLeft(batch: RingDecision, ports: RingDecisionPorts): Promise<void> {
  const { caseId } = batch.order;
  if (caseId === null || (await ports.records.membersLeft(caseId, 'current', { limit: 1 })).length === 0) return;
  await reopenCase(caseId, batch, ports);
}

/** Where restored accounts of the ring's case wait: the case that the ring has now, else the one that was decided, open again. */
async function caseOfRestored(batch: RingDecision, ports: RingDecisionPorts): Promise<string | undefined> {
  const open = await openCaseOf(batch.ringId, ports);
  if (open !== undefined || batch.order.caseId === null) return open?.id;
  await reopenCase(batch.order.caseId, batch, ports);
  return batch.order.caseId;
}

function reopenCase(caseId: string, batch: RingDecision, { records, clock, newId }: RingDecisionPorts): Promise<void> {
  const now = clock.now();
  return records.changeMany({ accountIds: [], ringCase: { caseId } }, ({ ringCase }) => {
    if (ringCase?.state !== 'decided') return { answer: undefined };
    const reopened = transitionCase({ ...ringCase, appliedAt: null }, { kind: 'reopen' }, now);
    if (!reopened.ok) return { answer: undefined };
    const draft = new CaseDraft(
      { account: undefined, case: ringCase },
      { actor: batch.undoneBy ?? 'system', now, newId },
    );
    draft.saveCase(reopened.value, 'undone', { decision: batch.order.decision, batch_id: batch.id });
    return { answer: undefined, changes: draft.changes() };
  });
}

async function restorePage(batch: RingDecision, changed: readonly BatchAccount[], ports: RingDecisionPorts) {
  const { records, clock, newId, policy } = ports;
  const now = clock.now();
  const context = { actor: batch.undoneBy ?? 'system', now, newId, sla: policy().sla };
  const toJoin = changed.some(({ from, caseId }) => from?.state === 'held' && caseId === null);
  const caseId = toJoin ? await caseOfRestored(batch, ports) : undefined;
  const decided = toJoin ? await decidedCaseOf(batch, ports) : undefined;
  const ringCase = caseId === undefined ? { ringId: batch.ringId } : { caseId };
  const accountIds = changed.map(({ accountId }) => accountId);
  return records.changeMany({ accountIds, ringCase, batch: { batchId: batch.id } }, (loaded) => {
    const rows = changed.filter(({ accountId }) => loaded.results.get(accountId) === 'changed');
    const drafts = rows.map((row) => {
      const one = loaded.accounts.find(({ account }) => account.accountId === row.accountId);
      return restoreOne(row, one, { batch, shared: loaded.ringCase, decided, context });
    });
    return { answer: undefined, changes: mergeChanges(drafts.map((draft) => draft.changes())) };
  });
}

/** The case of the ring that the decision was about. */
async function decidedCaseOf({ order }: RingDecision, { records }: RingDecisionPorts): Promise<CaseRecord | undefined> {
  if (order.caseId === null) return undefined;
  const ringCase = { caseId: order.caseId };
  return records.changeMany({ accountIds: [], ringCase }, (loaded) => ({ answer: loaded.ringCase }));
}

interface Restoring {
  readonly batch: RingDecision;
  /** The ring's case that is open now. */
  readonly shared: CaseRecord | undefined;
  readonly decided: CaseRecord | undefined;
  readonly context: DraftContext;
}

function restoreOne(row: BatchAccount, found: LoadedOne | undefined, restoring: Restoring): CaseDraft {
  const { batch, shared, context } = restoring;
  const one = found !== undefined && isRestorable(row, found, batch) ? found : undefined;
  const draft = new CaseDraft({ account: one?.account, case: shared }, context);
  const { from } = row;
  draft.saveBatchAccount({ ...row, result: one === undefined ? 'kept' : 'restored', at: context.now });
  if (one === undefined || from === null) return draft;
  const { state, requestsPerDay, probation } = from;
  if (state === 'held') waitAgain(draft, one, restoring);
  const terms = { requestsPerDay, probation, ringId: batch.ringId };
  draft.changeAccess(state, 'case', { batch_id: batch.id, undone: true }, terms);
  draft.withdrawLabels(labelSourceOf(batch.id), one.labels);
  return draft;
}

/** Nothing has changed it since; and what was decided about an appeal is not taken back by whom it is closed to. */
const isRestorable = ({ from, version }: BatchAccount, { account, closed }: LoadedOne, batch: RingDecision): boolean =>
  from !== null && account.version === version && (closed?.barredActor ?? null) !== (batch.undoneBy ?? 'system');

/** Where it had waited: what its hold asks for, and who may decide about it, is as before. */
function waitAgain(draft: CaseDraft, { account, case: waits, closed }: LoadedOne, restoring: Restoring): void {
  const { batch, shared, decided } = restoring;
  if (waits !== undefined) return;
  if (closed !== undefined) {
    const reopened = transitionCase({ ...closed, appliedAt: null }, { kind: 'reopen' }, draft.now);
    const detail = { decision: batch.order.decision, batch_id: batch.id };
    if (reopened.ok) draft.saveCase(reopened.value, 'undone', detail);
    return;
  }
  if (decided === undefined) {
    // It was held without a case: a person is to look at it.
    openMissingCase(draft);
    return;
  }
  if (shared === undefined || !asksForAsMuch(shared, decided)) {
    openLikeRings(draft, { batch, ringCase: decided, why: 'the decision about its ring was taken back' });
    return;
  }
  const { accountId } = account;
  draft.saveMember({ caseId: shared.id, accountId, joinedAt: draft.now, leftAt: null, deniedVersion: null });
}

/** The ring may have another case since, of another hold. */
const asksForAsMuch = (shared: CaseRecord, decided: CaseRecord): boolean =>
  methodsOf(decided).every((method) => methodsOf(shared).includes(method));
