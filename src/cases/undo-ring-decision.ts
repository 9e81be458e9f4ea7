import type { BatchAccount, RingDecision } from './access-batches.js';
import { CaseDraft, type DraftContext } from './case-draft.js';
import type { CaseRecord, LoadedMany, LoadedOne } from './case-records.js';
import { labelSourceOf } from './decide-case.js';
import { mergeChanges } from './merge-changes.js';
import { openRingCase } from './open-ring-case.js';
import { finishCaseOf, openCaseOf, tellOfDecision } from './ring-decision-case.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { transitionCase } from './transition-case.js';

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

/** Where restored accounts wait: the case that the ring has now, else the one that was decided, open again. */
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
  const toHold = changed.some(({ from }) => from?.state === 'held');
  const caseId = toHold ? await caseOfRestored(batch, ports) : undefined;
  const ringCase = caseId === undefined ? { ringId: batch.ringId } : { caseId };
  const accountIds = changed.map(({ accountId }) => accountId);
  return records.changeMany({ accountIds, ringCase, batch: { batchId: batch.id } }, (loaded) => {
    const rows = changed.filter(({ accountId }) => loaded.results.get(accountId) === 'changed');
    return { answer: undefined, changes: mergeChanges(restoreAll(rows, { batch, loaded, context })) };
  });
}

interface Restoring {
  readonly batch: RingDecision;
  readonly loaded: LoadedMany;
  readonly context: DraftContext;
}

function restoreAll(rows: readonly BatchAccount[], { batch, loaded, context }: Restoring) {
  const found = rows.map((row) => {
    const one = loaded.accounts.find(({ account }) => account.accountId === row.accountId);
    const isOurs = one !== undefined && row.from !== null && one.account.version === row.version;
    return { row, one: isOurs ? one : undefined };
  });
  const waiting = found.filter(({ row, one }) => one !== undefined && row.from?.state === 'held');
  const opening = new CaseDraft({ account: undefined, case: loaded.ringCase }, context);
  const first = waiting[0]?.one;
  const shared = loaded.ringCase ?? (first && openRingCase(opening, { batch, first, size: waiting.length }));
  const drafts = found.map(({ row, one }) => restoreOne(row, one, { batch, shared, context }));
  return [opening, ...drafts].map((draft) => draft.changes());
}

interface RestoringOne extends Omit<Restoring, 'loaded'> {
  readonly shared: CaseRecord | undefined;
}

function restoreOne(
  row: BatchAccount,
  one: LoadedOne | undefined,
  { batch, shared, context }: RestoringOne,
): CaseDraft {
  const draft = new CaseDraft({ account: one?.account, case: shared }, context);
  const { from } = row;
  draft.saveBatchAccount({ ...row, result: one === undefined ? 'kept' : 'restored', at: context.now });
  if (one === undefined || from === null) return draft;
  const { state, requestsPerDay, probation } = from;
  draft.changeAccess(state, 'case', { batch_id: batch.id, undone: true }, { requestsPerDay, probation });
  const source = labelSourceOf(batch.id);
  if (one.labels.some((label) => label.source === source)) {
    const rest = one.labels.filter((label) => label.source !== source);
    draft.withdrawLabels(source, rest.at(-1)?.label ?? null);
  }
  if (state === 'held' && shared !== undefined) {
    const { accountId } = one.account;
    const joinedAt = context.now;
    draft.saveMember({ caseId: shared.id, accountId, joinedAt, leftAt: null, deniedVersion: null });
  }
  return draft;
}
