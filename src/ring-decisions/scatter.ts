import type { AccessBatch, BatchAccount } from '../cases/access-batch.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { CaseRecord, LoadedOne } from '../cases/case-records.js';
import { mergeChanges } from '../cases/merge-changes.js';
import { transitionCase } from '../cases/transition-case.js';
import { closeIfEmpty } from './close-if-empty.js';
import type { UndoPorts } from './undo-ports.js';

const pageSize = 100;

/** Whoever was gathered, and waits in a ring's case still, waits in its own case again, which is as it was. */
export async function scatter(batch: AccessBatch, ports: UndoPorts): Promise<void> {
  for (;;) {
    const joined = await ports.batches.accountsWith(batch.id, 'joined', pageSize);
    if (joined.length === 0) return;
    for (const [caseId, rows] of await byRingCase(joined, ports)) await scatterPage(batch, { caseId, rows }, ports);
    ports.onPage?.();
  }
}

/** By the case in which they wait now: rings, and their cases, may have become others. */
async function byRingCase(
  joined: readonly BatchAccount[],
  { records }: UndoPorts,
): Promise<ReadonlyMap<string | undefined, readonly BatchAccount[]>> {
  const accountIds = joined.map(({ accountId }) => accountId);
  const waitIn = await records.changeMany({ accountIds, ringCase: undefined }, ({ accounts }) => ({
    answer: new Map(accounts.map(({ account, case: found }) => [account.accountId, ringCaseId(found)])),
  }));
  const pages = new Map<string | undefined, BatchAccount[]>();
  for (const row of joined) {
    const caseId = waitIn.get(row.accountId);
    pages.set(caseId, [...(pages.get(caseId) ?? []), row]);
  }
  return pages;
}

const ringCaseId = (found: CaseRecord | undefined): string | undefined =>
  found?.wholeRing === true ? found.id : undefined;

interface Page {
  readonly caseId: string | undefined;
  readonly rows: readonly BatchAccount[];
}

function scatterPage(batch: AccessBatch, { caseId, rows }: Page, { records, clock, newId }: UndoPorts): Promise<void> {
  const context = { actor: batch.undoneBy ?? 'system', now: clock.now(), newId };
  const accountIds = rows.map(({ accountId }) => accountId);
  const ringCase = caseId === undefined ? undefined : { caseId };
  return records.changeMany({ accountIds, ringCase, batch: { batchId: batch.id } }, (loaded) => {
    // Another instance may have been there meanwhile.
    const left = rows.filter(({ accountId }) => loaded.results.get(accountId) === 'joined');
    const drafts = left.map((row) => {
      const one = loaded.accounts.find(({ account }) => account.accountId === row.accountId);
      return scatterOne(row, one, context);
    });
    const closing = closeIfEmpty(loaded, drafts, context);
    const all = closing === undefined ? drafts : [...drafts, closing];
    return { answer: undefined, changes: mergeChanges(all.map((draft) => draft.changes())) };
  });
}

function scatterOne(row: BatchAccount, one: LoadedOne | undefined, context: DraftContext): CaseDraft {
  const draft = new CaseDraft({ account: one?.account, case: one?.closed }, context);
  const { closed, member, account } = one ?? {};
  const reopened =
    closed !== undefined && member !== undefined && account?.state === 'held'
      ? transitionCase({ ...closed, appliedAt: null }, { kind: 'reopen' }, context.now)
      : undefined;
  if (reopened?.ok === true && member !== undefined) {
    draft.leaveRing(member);
    draft.saveCase(reopened.value, 'undone', { batch_id: row.batchId });
  }
  draft.saveBatchAccount({ ...row, result: reopened?.ok === true ? 'restored' : 'kept', at: context.now });
  return draft;
}
