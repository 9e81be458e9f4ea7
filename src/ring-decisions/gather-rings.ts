import type { AccessBatch } from '../cases/access-batch.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import { priorityWaitingFrom, waitsFrom } from '../cases/case-priority.js';
import type { CaseRecord, CaseRecords, LoadedMany, LoadedOne, Planned } from '../cases/case-records.js';
import { isFree } from '../cases/is-free.js';
import { mergeChanges } from '../cases/merge-changes.js';
import type { Policy } from '../model/policy.js';
import type { Clock } from '../model/time.js';
import { type Gatherings, leastToGather } from './gatherings.js';
import { joinWithCase } from './join-with-case.js';
import { openRingCase } from './open-ring-case.js';

export interface GatherPorts {
  readonly records: CaseRecords;
  readonly gatherings: Gatherings;
  /** How long cases may wait, by their reason. */
  readonly sla: () => Policy['sla'];
  readonly clock: Clock;
  readonly newId: DraftContext['newId'];
  /** Is told of a ring that could not be gathered; the others are. Without it the error is thrown. */
  readonly onFailed?: ((ringId: string, error: unknown) => void) | undefined;
}

export interface Gathered {
  readonly ringId: string;
  readonly accounts: number;
}

/** Between two looks: what comes in this time is gathered together. */
export const gatherEveryMs = 15_000;
const gatherActor = 'gathering';
const ringsAtOnce = 100;
/** Accounts of one transaction: their locks are held for some ten milliseconds. */
const pageSize = 100;

/**
 * Brings held accounts that wait in cases of their own into the one case of their ring, and opens that where it has none: who was
 * held before the ring was known, or for what it is by itself. Nobody's access changes, and what is not free stays.
 */
export async function gatherRings(ports: GatherPorts): Promise<readonly Gathered[]> {
  const all: Gathered[] = [];
  for (const ringId of await ports.gatherings.due(ringsAtOnce)) {
    try {
      all.push({ ringId, accounts: await gatherRing(ringId, ports) });
    } catch (error) {
      if (ports.onFailed === undefined) throw error;
      ports.onFailed(ringId, error);
    }
  }
  return all;
}

/** Page by page; whoever dies on the way is followed by another, who finds those that still wait. */
async function gatherRing(ringId: string, ports: GatherPorts): Promise<number> {
  const { gatherings, clock, newId } = ports;
  const batchId = await gatherings.begin(ringId, { batchId: newId('batch'), now: clock.now() });
  let accounts = 0;
  for (;;) {
    const accountIds = await gatherings.waiting(ringId, pageSize);
    const joined = accountIds.length === 0 ? 0 : await gatherPage(batchId, { ringId, accountIds }, ports);
    accounts += joined;
    if (joined === 0) return accounts;
  }
}

interface Page {
  readonly ringId: string;
  readonly accountIds: readonly string[];
}

async function gatherPage(batchId: string, { ringId, accountIds }: Page, ports: GatherPorts): Promise<number> {
  const { records, gatherings, clock, newId } = ports;
  const caseId = await gatherings.caseOf(ringId);
  const ringCase = caseId === undefined ? { ringId } : { caseId };
  const context = { actor: gatherActor, now: clock.now(), newId, sla: ports.sla() };
  return records.changeMany({ accountIds, ringCase, batch: { batchId } }, (loaded) => planPage(loaded, context));
}

/**
 * The answer: how many have come into the ring's case. Where it is opened for them, it says and asks for what the hold with
 * most points does.
 */
function planPage({ accounts, ringCase, batch }: LoadedMany, context: DraftContext): Planned<number> {
  const joining = accounts.flatMap(waitingOne).sort((a, b) => b.case.score - a.case.score);
  const [first] = joining;
  const isEnough = first !== undefined && (ringCase !== undefined || joining.length >= leastToGather);
  // Taken back meanwhile, decided, or somebody has begun to work on them.
  if (batch?.state !== 'done' || ringCase?.state === 'decided' || !isEnough) return { answer: 0 };
  const shared = new CaseDraft({ account: undefined, case: ringCase }, context);
  const found = ringCase ?? openRingCase(shared, { batch, first, size: joining.length });
  const next = takeOver(
    found,
    joining.map((one) => one.case),
  );
  const version = ringCase === undefined ? found.version : found.version + 1;
  shared.saveCase({ ...next, version }, 'gathered', { batch_id: batch.id, accounts: joining.length });
  const drafts = joining.map((one) => joinOne(one, { batch, ringCase: found, context }));
  return { answer: joining.length, changes: mergeChanges([shared, ...drafts].map((draft) => draft.changes())) };
}

type Waiting = LoadedOne & { readonly case: CaseRecord };

const waitingOne = (one: LoadedOne): readonly Waiting[] => {
  const { account, case: own } = one;
  return own !== undefined && account.state === 'held' && !account.verified && isFree(own)
    ? [{ ...one, case: own }]
    : [];
};

/** Nobody waits longer than before: the earliest due time wins, and the place in the queue of whoever had waited longest. */
function takeOver(found: CaseRecord, own: readonly CaseRecord[]): CaseRecord {
  const needed = priorityWaitingFrom(Math.min(...own.map(waitsFrom)), found.openedAt);
  return {
    ...found,
    dueAt: Math.min(found.dueAt, ...own.map(({ dueAt }) => dueAt)),
    priority: Math.max(found.priority, needed),
    fraudLabelled: found.fraudLabelled || own.some(({ fraudLabelled }) => fraudLabelled),
  };
}

interface Joining {
  readonly batch: AccessBatch;
  readonly ringCase: CaseRecord;
  readonly context: DraftContext;
}

/** It is in the ring's case since it was held: what it has verified since then counts. */
function joinOne(one: Waiting, { batch, ringCase, context }: Joining): CaseDraft {
  const { accountId } = one.account;
  const draft = new CaseDraft({ account: one.account, case: ringCase }, context);
  joinWithCase(draft, one.case, batch);
  const { id: caseId, openedAt: joinedAt } = one.case;
  draft.saveMember({ caseId: ringCase.id, accountId, joinedAt, leftAt: null, deniedVersion: null });
  const row = { batchId: batch.id, accountId, at: context.now, from: null, version: null, caseId };
  draft.saveBatchAccount({ ...row, result: 'joined' });
  return draft;
}
