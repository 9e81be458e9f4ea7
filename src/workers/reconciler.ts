import type { CaseUpkeep } from '../cases/case-upkeep.js';
import type { GateEntry, GateProjection } from '../gate/gate-store.js';
import type { Clock } from '../model/time.js';
import type { Outbox } from '../outbox/outbox.js';
import type { VerificationNeeds } from '../verification/verification-needs.js';
import type { VerificationJob, VerificationJobs } from '../verification/verification-work.js';
import { startLoop } from './loop.js';

/** Tells a Redis that was wiped or restored from the one that was written to. */
interface Epoch {
  /** The installation's, from the truth. */
  expected(): Promise<string>;
  /** What Redis shows; undefined when it shows none. */
  shown(): Promise<string | undefined>;
  show(epoch: string): Promise<void>;
  /** False while Redis is another database's, or this instance writes under another epoch: it rebuilds nothing then. */
  isOurs?(epoch: string): boolean;
  /** False while Redis would drop what it is given. */
  mayRebuild?(): boolean;
}

export interface ReconcilerPorts {
  readonly cases: Pick<CaseUpkeep, 'applyDueApprovals' | 'openMissingCase'>;
  /** Held accounts that nobody would ever look at. */
  readonly heldWithoutCase: (limit: number) => Promise<readonly string[]>;
  readonly needs: Pick<VerificationNeeds, 'neededJobs'>;
  readonly jobs: VerificationJobs;
  readonly projection: Pick<GateProjection, 'publish'>;
  /** Every account's access in order of ids, after the given one. */
  readonly entriesAfter: (accountId: string, limit: number) => Promise<readonly GateEntry[]>;
  readonly outbox: Pick<Outbox, 'deleteDone'>;
  readonly epoch: Epoch;
  readonly clock: Clock;
  /** Something was written that the relay should deliver soon. */
  readonly onCommitted: () => void;
  readonly onRepaired: (what: 'case' | 'job' | 'redis', count: number) => void;
  readonly onError: (error: unknown) => void;
}

const pageSize = 1000;
/** Accounts refreshed a minute: 200,000 stay alive in the projection; beyond that, a miss asks the truth. */
const refreshPages = 20;
const keepDoneMs = 86_400_000;

interface Reconciler {
  stop(): Promise<void>;
}

/** Each second: due approvals, and a look whether Redis was wiped. At start and each minute: all repairs. */
export function startReconciler(ports: ReconcilerPorts, { repairMs = 60_000, lookMs = 1000 } = {}): Reconciler {
  const reconcile = createReconciler(ports);
  const { onError } = ports;
  const loops = [
    startLoop({ everyMs: lookMs, work: () => once(() => applyApprovals(ports)), onError }),
    // While Redis is away this fails each second; the round of each minute tells of it.
    startLoop({ everyMs: lookMs, work: () => once(() => rebuildIfWiped(ports)), onError: () => undefined }),
    startLoop({ everyMs: repairMs, work: () => once(reconcile), onError }),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** Work that leaves nothing for an immediate second turn. */
async function once(work: () => Promise<void>): Promise<boolean> {
  await work();
  return false;
}

async function applyApprovals({ cases, clock, onCommitted }: ReconcilerPorts): Promise<void> {
  if ((await cases.applyDueApprovals(clock.now())) > 0) onCommitted();
}

/** One round of repairs. The steps do not need each other: one that fails is told and leaves the others to be done. */
export function createReconciler(ports: ReconcilerPorts): () => Promise<void> {
  let refreshedTo = '';
  const refresh = async (): Promise<void> => {
    refreshedTo = await publishPages(ports, refreshedTo, refreshPages);
  };
  return async () => {
    for (const step of [() => rebuildIfWiped(ports), refresh, () => repairCases(ports), () => repairJobs(ports)]) {
      await step().catch(ports.onError);
    }
    await ports.outbox.deleteDone(keepDoneMs).catch(ports.onError);
  };
}

/** The epoch is shown last: whoever dies halfway leaves a Redis that is rebuilt again. */
async function rebuildIfWiped(ports: ReconcilerPorts): Promise<void> {
  const expected = await ports.epoch.expected();
  if (ports.epoch.isOurs?.(expected) === false) return;
  if ((await ports.epoch.shown()) === expected || ports.epoch.mayRebuild?.() === false) return;
  await publishPages(ports, '', Number.POSITIVE_INFINITY);
  await repairJobs(ports);
  await ports.epoch.show(expected);
  // A first start finds an empty Redis too, and nothing to put there.
  const [first] = await ports.entriesAfter('', 1);
  if (first !== undefined) ports.onRepaired('redis', 1);
}

/** Returns where to go on: the last account, or the beginning when all have been published. */
async function publishPages(ports: ReconcilerPorts, after: string, pages: number): Promise<string> {
  let last = after;
  for (let page = 0; page < pages; page++) {
    const entries = await ports.entriesAfter(last, pageSize);
    if (entries.length > 0) await ports.projection.publish(entries);
    if (entries.length < pageSize) return '';
    last = entries.at(-1)?.access.accountId ?? '';
  }
  return last;
}

async function repairCases({ heldWithoutCase, cases, clock, onRepaired, onCommitted }: ReconcilerPorts): Promise<void> {
  const accounts = await heldWithoutCase(pageSize);
  let opened = 0;
  for (const accountId of accounts) {
    if (await cases.openMissingCase(accountId, clock.now())) opened += 1;
  }
  if (opened === 0) return;
  onRepaired('case', opened);
  onCommitted();
}

async function repairJobs({ needs, jobs, onRepaired }: ReconcilerPorts): Promise<void> {
  for await (const page of neededJobs(needs)) {
    const repaired = await jobs.repair(page);
    if (repaired > 0) onRepaired('job', repaired);
  }
}

/** All jobs that undecided cases need, page by page. */
export async function* neededJobs(
  needs: Pick<VerificationNeeds, 'neededJobs'>,
): AsyncGenerator<readonly VerificationJob[]> {
  let after = '';
  for (;;) {
    const page = await needs.neededJobs(after, pageSize);
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.caseId ?? '';
  }
}
