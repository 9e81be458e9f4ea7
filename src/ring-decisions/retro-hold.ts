import { type AccessBatch, type BatchAccount, type BatchResult, heldRow } from '../cases/access-batch.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { CaseRecord, CaseRecords, LoadedMany, LoadedOne } from '../cases/case-records.js';
import { isFree } from '../cases/is-free.js';
import { mergeChanges } from '../cases/merge-changes.js';
import { isSpared } from '../decisions/is-spared.js';
import type { Policy } from '../model/policy.js';
import type { Clock, EventNow, Instant } from '../model/time.js';
import type { AccessBatches } from './access-batches.js';
import { joinWithCase } from './join-with-case.js';
import { openRingCase } from './open-ring-case.js';
import { memberPages, type RingMembers } from './ring-members.js';

export interface RetroHoldPorts {
  readonly records: CaseRecords;
  readonly batches: AccessBatches;
  readonly members: RingMembers;
  readonly policy: () => Policy['retroHold'];
  /** How long cases may wait, by their reason. */
  readonly sla: () => Policy['sla'];
  readonly clock: Clock;
  /** Ages of accounts end here. */
  readonly eventNow: EventNow;
  readonly newId: DraftContext['newId'];
  /** Which of them an allow-list lets through: they are not held for their ring. A known fraud is, all the same. */
  readonly letThrough?: ((accountIds: readonly string[]) => Promise<ReadonlySet<string>>) | undefined;
  /** After each page of accounts: their access has changed. */
  readonly onPage?: (() => void) | undefined;
}

const retroHoldActor = 'retro_hold';

const nobody: ReadonlySet<string> = new Set();

const hourMs = 3_600_000;
/** Accounts of one transaction: their locks are held for some ten milliseconds. */
const pageSize = 100;
/** The ring worker is a moment behind the decisions: who joined in that moment is found at the second look. */
const looksNeeded = 2;
const lookAgainMs = 10_000;
/** When the hour's budget is spent. */
const budgetWaitMs = 60_000;

/**
 * Holds the earlier members of a ring that was found out, youngest first, as far as the hourly budget goes; the rest waits
 * for its turn. Every page is one transaction that also counts what is left of the budget, and marks who has been looked at:
 * whoever dies on the way is followed by another, nobody is held twice, and all that hold at once keep to one budget. Returns
 * the batch as it is left: done, or planned with the time to go on.
 */
export async function runRetroHold(batch: AccessBatch, ports: RetroHoldPorts): Promise<AccessBatch> {
  const now = ports.clock.now();
  if (await waitsForBudget(batch, ports, now)) return leave(batch, { ports, now, isWaiting: true });
  // One that goes on after it was done has only those that were judged again since: the others have had their look.
  if (batch.looks < looksNeeded)
    for await (const members of memberPages(ports.members, batch.ringId)) await ports.batches.plan(batch.id, members);
  for (;;) {
    const accountIds = await ports.batches.pending(batch.id, pageSize);
    if (accountIds.length === 0) return leave(batch, { ports, now, isWaiting: false });
    const page = await holdPage(batch, accountIds, ports);
    if (page === 'out_of_budget') return leave(batch, { ports, now, isWaiting: true });
    ports.onPage?.();
    if (page === 'taken_back') return (await ports.batches.get(batch.id)) ?? batch;
  }
}

/** As long as nothing is left for those who wait already, a large ring need not be looked through each minute. */
async function waitsForBudget(batch: AccessBatch, { batches, policy }: RetroHoldPorts, now: Instant): Promise<boolean> {
  if ((await batches.heldSince(now - hourMs)) < policy().maxAccountsPerHour) return false;
  return (await batches.pending(batch.id, 1)).length > 0;
}

interface Leaving {
  readonly ports: RetroHoldPorts;
  readonly now: Instant;
  /** Some are left for whom there is no budget. */
  readonly isWaiting: boolean;
}

async function leave(batch: AccessBatch, { ports, now, isWaiting }: Leaving): Promise<AccessBatch> {
  const looks = isWaiting ? batch.looks : batch.looks + 1;
  const done = !isWaiting && looks >= looksNeeded;
  const left: AccessBatch = {
    ...batch,
    looks,
    state: done ? 'done' : 'planned',
    notBefore: now + (isWaiting ? budgetWaitMs : lookAgainMs),
    finishedAt: done ? now : null,
  };
  if (await ports.batches.save(left, 'planned')) return left;
  return (await ports.batches.get(batch.id)) ?? batch;
}

/** Those of them for whom there is budget. `taken_back`: the batch was, meanwhile. */
async function holdPage(
  batch: AccessBatch,
  accountIds: readonly string[],
  ports: RetroHoldPorts,
): Promise<'looked_at' | 'out_of_budget' | 'taken_back'> {
  const listed = (await ports.letThrough?.(accountIds)) ?? nobody;
  const { records, newId } = ports;
  const [now, at] = [ports.clock.now(), await ports.eventNow()];
  const context = { actor: retroHoldActor, now, newId, sla: ports.sla() };
  const ofBatch = { ringCase: { ringId: batch.ringId }, batch: { batchId: batch.id } };
  return records.changeMany({ accountIds, ...ofBatch, heldSince: now - hourMs }, (loaded) => {
    if (loaded.batch?.state !== 'planned') return { answer: 'taken_back' };
    // Another instance may have looked at them meanwhile.
    const waiting = accountIds.filter((id) => loaded.results.get(id) === null);
    const room = Math.max(0, ports.policy().maxAccountsPerHour - (loaded.heldSince ?? 0));
    if (waiting.length > 0 && room === 0) return { answer: 'out_of_budget' };
    const left = waiting.slice(0, room);
    const accounts = loaded.accounts.filter(({ account }) => left.includes(account.accountId));
    const plan = planPage({ ...loaded, accounts }, { batch, ports, context, at, listed });
    const gone = left.filter((id) => !accounts.some(({ account }) => account.accountId === id));
    const spared = new CaseDraft({ account: undefined, case: undefined }, context);
    for (const accountId of gone) spared.saveBatchAccount(rowOf(batch, accountId, { result: 'spared', at: now }));
    return { answer: 'looked_at', changes: mergeChanges([...plan, spared].map((draft) => draft.changes())) };
  });
}

interface PagePlan {
  readonly batch: AccessBatch;
  readonly ports: RetroHoldPorts;
  readonly context: DraftContext;
  /** Ages of accounts end here. */
  readonly at: Instant;
  readonly listed: ReadonlySet<string>;
}

function planPage({ accounts, ringCase }: LoadedMany, { batch, ports, context, at, listed }: PagePlan): CaseDraft[] {
  const { now } = context;
  const resultOf = (one: LoadedOne): BatchResult => resultFor(one, { policy: ports.policy(), at, ringCase, listed });
  const results = accounts.map((one) => ({ one, result: resultOf(one) }));
  const joining = results.filter(({ result }) => result !== 'spared');
  const opening = new CaseDraft({ account: undefined, case: ringCase }, context);
  const first = joining[0]?.one;
  const shared = ringCase ?? (first && openRingCase(opening, { batch, first, size: joining.length }));
  const drafts = results.map(({ one, result }) => {
    const draft = new CaseDraft({ account: one.account, case: shared }, context);
    if (result === 'held') holdOne(draft, one, batch);
    if (result === 'joined' && one.case?.wholeRing === false) joinWithCase(draft, one.case, batch);
    if (result !== 'spared' && shared !== undefined && one.member === undefined)
      draft.saveMember(memberOf(shared.id, one, now));
    const held = result === 'held' ? heldRow(one.account) : {};
    draft.saveBatchAccount(rowOf(batch, one.account.accountId, { result, at: now, ...held }));
    return draft;
  });
  return [opening, ...drafts];
}

interface Sparing {
  readonly policy: Policy['retroHold'];
  readonly at: Instant;
  readonly ringCase: CaseRecord | undefined;
  readonly listed: ReadonlySet<string>;
}

/** An account that is held already, that nobody works on and whose hold verifications could lift, comes into the ring's case with its own. */
function resultFor(one: LoadedOne, { policy, at, ringCase, listed }: Sparing): BatchResult {
  const { account, case: found } = one;
  if (account.state === 'held') {
    return found !== undefined && (isFree(found) || found.id === ringCase?.id) ? 'joined' : 'spared';
  }
  const isOpen = account.state === 'admitted' || account.state === 'limited';
  if (!isOpen || found !== undefined) return 'spared';
  if (account.clearedRules.length > 0 || letInBy.has(account.cause)) return 'spared';
  if (listed.has(account.accountId) && account.label !== 'fraud') return 'spared';
  return isSpared(policy, account, at) ? 'spared' : 'held';
}

/** Somebody has looked at the account and let it in. */
const letInBy: ReadonlySet<string> = new Set(['case', 'verification', 'manual']);

function holdOne(draft: CaseDraft, { account }: LoadedOne, batch: AccessBatch): void {
  draft.changeAccess('held', 'retro_hold', { batch_id: batch.id, ring_id: batch.ringId, from: account.state });
}

const memberOf = (caseId: string, { account }: LoadedOne, joinedAt: Instant) => ({
  caseId,
  accountId: account.accountId,
  joinedAt,
  leftAt: null,
  deniedVersion: null,
});

const rowOf = (
  batch: AccessBatch,
  accountId: string,
  row: Pick<BatchAccount, 'result' | 'at'> & Partial<BatchAccount>,
): BatchAccount => ({ from: null, version: null, caseId: null, ...row, batchId: batch.id, accountId });
