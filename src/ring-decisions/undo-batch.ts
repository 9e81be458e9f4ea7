import type { AccessBatch, BatchAccount } from '../cases/access-batch.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { AccountRecord, CaseRecord, LoadedOne } from '../cases/case-records.js';
import { mergeChanges } from '../cases/merge-changes.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { BatchCounts } from './access-batches.js';
import { closeIfEmpty } from './close-if-empty.js';
import { scatter } from './scatter.js';
import type { UndoPorts } from './undo-ports.js';

export interface UndoCommand {
  readonly ringId: string;
  readonly batchId: string;
  readonly actor: string;
}

export interface UndoneBatch {
  readonly batch: AccessBatch;
  readonly counts: BatchCounts;
}

const pageSize = 100;

/**
 * Takes a batch back: whoever it held, and has not changed since, is as before. Asked again, it says what it did. Whoever
 * dies on the way is followed by another (`finishUndo`).
 */
export async function undoBatch(command: UndoCommand, ports: UndoPorts): Promise<Result<UndoneBatch, Problem>> {
  const { batches, clock } = ports;
  const found = await batches.get(command.batchId);
  if (found === undefined || found.kind === 'ring_decision' || found.ringId !== command.ringId)
    return err(problem('not_found'));
  const begun = await batches.beginUndo(found.id, command.actor, clock.now());
  const batch = begun.state === 'undone' ? begun : await finishUndo(begun, ports);
  return ok({ batch, counts: await ports.batches.countsOf(batch.id) });
}

/** Goes on with what was begun. Those who still waited come first: the ring's case, which may be left empty, names its rules. */
export async function finishUndo(batch: AccessBatch, ports: UndoPorts): Promise<AccessBatch> {
  if (batch.kind === 'gathering') await scatter(batch, ports);
  else await restoreHeld(batch, ports);
  const undone: AccessBatch = { ...batch, state: 'undone', undoneAt: ports.clock.now() };
  await ports.batches.save(undone, 'undoing');
  return undone;
}

async function restoreHeld(batch: AccessBatch, ports: UndoPorts): Promise<void> {
  for (;;) {
    const waiting = await ports.batches.pending(batch.id, pageSize);
    if (waiting.length === 0) break;
    await sparePage(batch, waiting, ports);
  }
  for (;;) {
    const held = await ports.batches.accountsWith(batch.id, 'held', pageSize);
    if (held.length === 0) break;
    await restorePage(batch, held, ports);
    ports.onPage?.();
  }
}

/** Nobody has held them yet, and what held the others is not to hold them at the ring's next growth. */
function sparePage(batch: AccessBatch, accountIds: readonly string[], { records, clock, newId }: UndoPorts) {
  const context = { actor: batch.undoneBy ?? 'system', now: clock.now(), newId };
  const subject = { accountIds, ringCase: { ringId: batch.ringId }, batch: { batchId: batch.id } };
  return records.changeMany(subject, ({ accounts, ringCase, results }) => {
    const drafts = accountIds.flatMap((accountId) => {
      if (results.get(accountId) !== null) return [];
      const account = accounts.find((one) => one.account.accountId === accountId)?.account;
      const draft = new CaseDraft({ account, case: ringCase }, context);
      if (ringCase !== undefined && account !== undefined && isOpen(account)) draft.clear(ringCase.rules, false);
      const row = { batchId: batch.id, accountId, from: null, version: null, caseId: null };
      draft.saveBatchAccount({ ...row, result: 'spared', at: context.now });
      return [draft];
    });
    return { answer: undefined, changes: mergeChanges(drafts.map((draft) => draft.changes())) };
  });
}

const isOpen = ({ state }: AccountRecord): boolean => state === 'admitted' || state === 'limited';

function restorePage(batch: AccessBatch, held: readonly BatchAccount[], { records, clock, newId }: UndoPorts) {
  const now = clock.now();
  const context = { actor: batch.undoneBy ?? 'system', now, newId };
  const accountIds = held.map(({ accountId }) => accountId);
  const subject = { accountIds, ringCase: { ringId: batch.ringId }, batch: { batchId: batch.id } };
  return records.changeMany(subject, (loaded) => {
    // Another instance may have been there meanwhile.
    const rows = held.filter(({ accountId }) => loaded.results.get(accountId) === 'held');
    const drafts = rows.map((row) => {
      const one = loaded.accounts.find(({ account }) => account.accountId === row.accountId);
      return restoreOne(row, { one, ringCase: loaded.ringCase, context });
    });
    const closing = closeIfEmpty(loaded, drafts, context);
    const changes = [...drafts, ...(closing === undefined ? [] : [closing])].map((draft) => draft.changes());
    return { answer: undefined, changes: mergeChanges(changes) };
  });
}

interface Restoring {
  readonly one: LoadedOne | undefined;
  readonly ringCase: CaseRecord | undefined;
  readonly context: DraftContext;
}

function restoreOne(row: BatchAccount, { one, ringCase, context }: Restoring): CaseDraft {
  const draft = new CaseDraft({ account: one?.account, case: ringCase }, context);
  const isOurs = one?.account.version === row.version && one?.account.state === 'held' && row.from !== null;
  if (isOurs && row.from !== null) {
    const { state, requestsPerDay, probation } = row.from;
    draft.changeAccess(state, 'retro_hold', { batch_id: row.batchId, undone: true }, { requestsPerDay, probation });
    // A person has let it in: the ring does not hold it again at its next event.
    if (ringCase !== undefined) draft.clear(ringCase.rules, false);
    if (one.member !== undefined) draft.leaveRing(one.member);
  }
  draft.saveBatchAccount({ ...row, result: isOurs ? 'restored' : 'kept', at: context.now });
  return draft;
}
