import type { LinkSpec } from '../model/link.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import type { RingBatch } from '../rings/ring-batch.js';
import { RingGraph } from '../rings/ring-graph.js';
import type { RingHubMarks } from '../rings/ring-hub-marks.js';
import type { RingLog } from '../rings/ring-log.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { DueTimes } from './due-times.js';
import { type Loop, startLoop } from './loop.js';
import { type FollowerPorts, LeaseLost, RingFollower } from './ring-follower.js';
import { LeaseKeeper } from './ring-lease.js';

interface RingWorkerPorts extends Omit<FollowerPorts, 'onBatch' | 'onError'> {
  readonly log: RingLog;
  /** Of the rule set in use. */
  readonly links: () => readonly LinkSpec[];
  /** The installation's: another one, and the truth is no longer what was followed. */
  readonly epoch?: () => string;
  /** Keys that people marked as hubs, as the truth has them. */
  readonly marks: Pick<RingHubMarks, 'standing'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Milliseconds. */
const defaults = {
  /** Between two looks at the stream when nobody wakes the worker: other instances commit too. */
  pollMs: 150,
  gatherMs: 40,
  /** A holder that dies is followed by another after this time and a claim's pause. */
  leaseMs: 6000,
  claimMs: 1000,
  lookMs: 1000,
  /** Between two looks at what people marked as hubs. */
  marksMs: 500,
  measureMs: 2000,
  snapshotMs: 3 * 60_000,
  expireMs: 60 * 60_000,
  refreshMs: 24 * 60 * 60_000,
};
type RingWorkerTimes = typeof defaults;

/** The time under one lease. */
interface Term {
  readonly epoch: string | undefined;
  readonly keeper: LeaseKeeper;
  readonly graph: RingGraph;
  readonly follower: RingFollower;
}

/** The truth was set back, or is another one: what was made of it is forgotten. */
class TruthChanged extends Error {}

/** Links are known by the hashes of their definitions. */
const sameLinks = (one: readonly LinkSpec[], other: readonly LinkSpec[]): boolean =>
  one.length === other.length &&
  one.every(({ id, sameAs }, index) => id === other[index]?.id && sameAs === other[index]?.sameAs);

/** A snapshot is as large as everything: it is made when a fiftieth as much would have to be taken in again. */
const isWorthSaving = ({ graph, follower }: Term): boolean => follower.sinceSnapshot * 50 > graph.counts.accounts;

/** Keeps rings: one instance at a time, by a lease in the truth; another takes over when it ends. */
export class RingWorker implements Loop {
  readonly #times: RingWorkerTimes;
  readonly #due: DueTimes<'claim' | 'look' | 'marks' | 'measure' | 'snapshot' | 'expire' | 'refresh'>;
  readonly #loop: Loop;
  #term: Term | undefined;
  #saving: Promise<void> | undefined;
  #waking: NodeJS.Timeout | undefined;

  constructor(
    private readonly ports: RingWorkerPorts,
    times: Partial<RingWorkerTimes> = {},
  ) {
    this.#times = { ...defaults, ...times };
    const { claimMs, lookMs, marksMs, measureMs, snapshotMs, expireMs, refreshMs, pollMs } = this.#times;
    this.#due = new DueTimes(
      {
        claim: claimMs,
        look: lookMs,
        marks: marksMs,
        measure: measureMs,
        snapshot: snapshotMs,
        expire: expireMs,
        refresh: refreshMs,
      },
      ports.elapsed,
    );
    this.#due.makeDue('claim');
    this.#loop = startLoop({ everyMs: pollMs, work: () => this.#safely(), onError: (error) => this.#tell(error) });
  }

  /** Something was committed: it is looked at in a moment, together with what else comes by then. */
  wake(): void {
    if (this.#term === undefined) return;
    this.#waking ??= setTimeout(() => {
      this.#waking = undefined;
      this.#loop.wake();
    }, this.#times.gatherMs);
  }

  /** Leaves a snapshot behind, and the lease, so that the next one begins at once. */
  async stop(): Promise<void> {
    clearTimeout(this.#waking);
    await this.#loop.stop();
    await this.#saving;
    const term = this.#term;
    if (term?.follower.isShown === true && term.keeper.holds && term.follower.sinceSnapshot > 0)
      await this.#save(term).catch((error) => this.ports.logger.warn({ error }, 'the ring worker left no snapshot'));
    await this.#end({ release: true }).catch(() => undefined);
  }

  async #turn(): Promise<boolean> {
    this.#term ??= await this.#begin();
    const term = this.#term;
    if (term === undefined) return false;
    if (!term.keeper.holds) throw new LeaseLost();
    if (term.epoch !== this.ports.epoch?.()) throw new TruthChanged('the rings are taken up again from the database');
    const links = this.ports.links();
    const marked = await this.#marked(term);
    if (!sameLinks(term.graph.links, links) || marked !== undefined) await term.follower.rebuild(links, marked);
    const hasMore = await term.follower.step();
    await this.#doWhatIsDue(term);
    return hasMore;
  }

  /** Where they are others than the rings were built with. */
  async #marked({ graph }: Term): Promise<ReadonlySet<string> | undefined> {
    if (!this.#due.isDue('marks')) return undefined;
    const standing = await this.ports.marks.standing();
    const isSame = standing.length === graph.marked.size && standing.every((key) => graph.marked.has(key));
    return isSame ? undefined : new Set(standing);
  }

  async #begin(): Promise<Term | undefined> {
    const { log, elapsed, links, logger } = this.ports;
    if (links().length === 0 || !this.#due.isDue('claim')) return undefined;
    // Nothing is taken in before the marks of now are known.
    this.#due.makeDue('marks');
    const epoch = this.ports.epoch?.();
    const keeper = await LeaseKeeper.claim({ log, elapsed, leaseMs: this.#times.leaseMs });
    if (keeper === undefined) return undefined;
    try {
      const begun = (await this.#resume(keeper)) ?? (await this.#restart(keeper));
      const term = { ...begun, epoch };
      logger.info(term.graph.counts, 'this instance keeps the rings now');
      return term;
    } catch (error) {
      await keeper.end({ release: true });
      throw error;
    }
  }

  async #resume(keeper: LeaseKeeper): Promise<Omit<Term, 'epoch'> | undefined> {
    await this.ports.stream.mend();
    const snapshot = await this.ports.log.snapshot();
    const graph = snapshot && (await this.#restore(snapshot.pieces));
    if (snapshot === undefined || graph === undefined) return undefined;
    return { keeper, graph, follower: new RingFollower(this.#following(), keeper.lease, { graph, ...snapshot }) };
  }

  async #restore(pieces: readonly string[]): Promise<RingGraph | undefined> {
    const steps = RingGraph.restore(pieces);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      await this.ports.breathe();
    }
  }

  /** From the beginning of the stream: there is no snapshot yet, or none that this version can read. */
  async #restart(keeper: LeaseKeeper): Promise<Omit<Term, 'epoch'>> {
    const graph = new RingGraph(this.ports.links());
    const former = await this.ports.log.restart(keeper.lease);
    if (former === undefined) throw new LeaseLost();
    return { keeper, graph, follower: new RingFollower(this.#following(), keeper.lease, { graph, former }) };
  }

  #following(): FollowerPorts {
    const { logger } = this.ports;
    return {
      ...this.ports,
      onBatch: (batch) => this.#count(batch),
      onError: (error) => logger.warn({ error }, 'rings did not reach Redis and will be written again'),
    };
  }

  async #doWhatIsDue(term: Term): Promise<void> {
    const { follower } = term;
    if (!follower.isLive) return;
    if (this.#due.isDue('measure')) await this.#measure();
    if (this.#due.isDue('look')) await follower.look();
    // On the time of events the follower itself sees when it is time.
    if (this.ports.eventTime === 'bounded' && this.#due.isDue('expire')) await follower.rebuild(term.graph.links);
    if (this.#due.isDue('refresh')) await follower.refresh();
    if (this.#saving === undefined && this.#due.isDue('snapshot') && isWorthSaving(term)) await this.#saveBeside(term);
  }

  /** Its pieces are made while nothing is applied, and written while the stream is followed again. */
  async #saveBeside({ keeper, follower }: Term): Promise<void> {
    const pieces = await follower.snapshot();
    if (pieces === undefined) return;
    const saving = this.ports.log.saveSnapshot(keeper.lease, { place: follower.place, pieces });
    this.#saving = saving
      .catch((error) => this.ports.logger.warn({ error }, 'a snapshot of the rings was not saved'))
      .then(() => {
        this.#saving = undefined;
      });
  }

  async #save({ keeper, follower }: Term): Promise<void> {
    const pieces = await follower.snapshot();
    if (pieces !== undefined) await this.ports.log.saveSnapshot(keeper.lease, { place: follower.place, pieces });
  }

  async #measure(): Promise<void> {
    const { metrics, stream } = this.ports;
    const term = this.#term;
    metrics.ringWorkerActive.set(term === undefined ? 0 : 1);
    if (term === undefined) return;
    metrics.rings.set(term.graph.counts.rings);
    metrics.ringWorkerLag.set((await stream.lagMs(term.follower.place)) / 1000);
  }

  #count({ merged, hubs }: RingBatch): void {
    const { metrics } = this.ports;
    metrics.ringMerges.inc(merged.length);
    for (const { hub } of hubs) metrics.ringHubs.inc({ change: hub ? 'gained' : 'lost' });
  }

  /** A store that is away is waited for; after anything else, the truth and the stream say where to go on. */
  async #safely(): Promise<boolean> {
    try {
      return await this.#turn();
    } catch (error) {
      this.#tell(error);
      if (!(error instanceof StoreUnavailable)) await this.#end({ release: !(error instanceof LeaseLost) });
      return false;
    }
  }

  #tell(error: unknown): void {
    const { logger } = this.ports;
    if (error instanceof LeaseLost)
      logger.warn({}, 'the lease on the rings was lost; whoever gets it goes on from the stream');
    else logger.warn({ error }, 'rings could not be followed and will be taken up again');
  }

  async #end(how: { readonly release: boolean }): Promise<void> {
    const term = this.#term;
    this.#term = undefined;
    this.ports.metrics.ringWorkerActive.set(0);
    this.ports.metrics.ringWorkerLag.remove();
    await term?.keeper.end(how);
  }
}
