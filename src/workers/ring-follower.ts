import { farthestAheadMs } from '../evaluate/event-time.js';
import type { LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import { collectBatch, isEmptyBatch, splitChanges } from '../rings/collect-batch.js';
import { ExpiryPace } from '../rings/expiry-pace.js';
import type { RingBatch } from '../rings/ring-batch.js';
import type { RingChanges } from '../rings/ring-changes.js';
import type { RingEntry } from '../rings/ring-entry.js';
import type { RingGraph } from '../rings/ring-graph.js';
import type { RingLease, RingLog } from '../rings/ring-log.js';
import type { RingStream, StreamPlace } from '../rings/ring-stream.js';
import { type PublisherPorts, RingPublisher } from './ring-publisher.js';

export interface FollowerPorts extends PublisherPorts {
  readonly stream: RingStream;
  readonly log: RingLog;
  readonly now: () => Instant;
  /** trusted: rings live on the time of events, which may be long ago; bounded: that is now. */
  readonly eventTime: 'bounded' | 'trusted';
  readonly onBatch: (batch: RingBatch) => void;
  /** Rings that took in another or whose size passed a power of two. */
  readonly onGrown: (ringIds: readonly string[]) => Promise<void>;
}

interface FollowerStart {
  readonly graph: RingGraph;
  /** Where the stream is read on. */
  readonly place?: StreamPlace | undefined;
  /** Rings of a time before, which may not come to be again. */
  readonly former?: readonly string[] | undefined;
}

/** Another worker has the lease: what is in this process is no longer anybody's truth. */
export class LeaseLost extends Error {}

/** Reading, taking in, collecting and writing a page are steps of a few milliseconds each, with a breath between. */
const pageSize = 128;
/** The event loop is held no longer than this. */
const sliceMs = 3;
/** What one write takes; a rebuild may change more. */
const mostInBatch = 1000;

/** Follows the stream under one lease: applies, writes to the truth, then to Redis. */
export class RingFollower {
  #isLive = false;
  /** Applied, and not in the truth yet. */
  readonly #unwritten: RingBatch[] = [];
  readonly #grown = new Set<string>();
  readonly #publisher: RingPublisher;

  readonly #graph: RingGraph;
  readonly #former: readonly string[];
  #place: StreamPlace | undefined;
  /** Where rings live on the time of events. */
  readonly #pace: ExpiryPace;
  #sinceSnapshot = 0;

  constructor(
    private readonly ports: FollowerPorts,
    private readonly lease: RingLease,
    { graph, place, former }: FollowerStart,
  ) {
    this.#graph = graph;
    this.#pace = new ExpiryPace(graph.counts.accounts);
    this.#place = place;
    this.#former = former ?? [];
    this.#publisher = new RingPublisher(ports, graph, () => this.#now());
  }

  /** What is behind it has not been applied. */
  get place(): StreamPlace | undefined {
    return this.#place;
  }

  /** Entries taken in since the last snapshot, which would have to be taken in again. */
  get sinceSnapshot(): number {
    return this.#sinceSnapshot;
  }

  /** True once everything that had been committed is in Redis: from then on it is kept so. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Redis shows what the truth has: whoever begins from a snapshot of now has nothing to remove there. */
  get isShown(): boolean {
    return this.#isLive && this.#publisher.isShown;
  }

  /** Takes in what was committed since; true when there is more to do. What fails is done first the next time. */
  async step(): Promise<boolean> {
    await this.#writeWaiting();
    const page = await this.ports.stream.read(this.#place, pageSize);
    if (page.entries.length > 0) {
      await this.#apply(page.entries);
      this.#place = page.next;
      this.#sinceSnapshot += page.entries.length;
      await this.#writeWaiting();
    }
    const isBehind = page.entries.length === pageSize;
    if (!this.#isLive && isBehind) return true;
    if (!this.#isLive) await this.#goLive();
    const hasSpareWork = await this.#publisher.doSpareWork();
    return isBehind || hasSpareWork;
  }

  /** Looks whether Redis still shows what was written to it. */
  async look(): Promise<void> {
    if (this.#isLive) await this.#publisher.look();
  }

  /** Everything again, beside what goes on: what is in Redis does not last for ever. */
  refresh(): Promise<void> {
    return this.#publisher.refresh();
  }

  /** Lets go of what ran out, and of links that are not declared any more. Nothing is applied meanwhile. */
  async rebuild(links: readonly LinkSpec[], marked = this.#graph.marked): Promise<void> {
    const { breathe } = this.ports;
    const steps = this.#graph.expire(this.#now(), links, marked);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await breathe();
    this.#pace.rebuilt(this.#graph.counts.accounts);
    this.#publisher.rebuilt();
    for (const part of splitChanges(step.value, mostInBatch)) {
      this.#unwritten.push(collectBatch([part], this.#graph, this.#now()));
      await breathe();
    }
  }

  /** Pieces as of `place`; nothing is applied meanwhile. Undefined while something waits to be written. */
  async snapshot(): Promise<string[] | undefined> {
    if (this.#unwritten.length > 0) return undefined;
    const pieces: string[] = [];
    const steps = this.#graph.snapshot();
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      pieces.push(step.value);
      await this.ports.breathe();
    }
    this.#sinceSnapshot = 0;
    return pieces;
  }

  async #apply(entries: readonly RingEntry[]): Promise<void> {
    const { elapsed, breathe } = this.ports;
    const latest = this.ports.now() + farthestAheadMs;
    let changes: RingChanges[] = [];
    await breathe();
    let startedAt = elapsed();
    for (const entry of entries) {
      changes.push(this.#graph.apply(entry, latest));
      if (entry.kind === 'event' && entry.at <= latest) this.#pace.took(entry.at);
      if (this.#isExpiryDue()) {
        this.#unwritten.push(await this.#collect(changes));
        changes = [];
        await this.rebuild(this.#graph.links);
      } else if (elapsed() - startedAt < sliceMs) continue;
      else await breathe();
      startedAt = elapsed();
    }
    this.#unwritten.push(await this.#collect(changes));
  }

  async #collect(changes: readonly RingChanges[]): Promise<RingBatch> {
    await this.ports.breathe();
    const batch = collectBatch(changes, this.#graph, this.#now());
    await this.ports.breathe();
    return batch;
  }

  /** In the order of the events, wherever in a page: what a replay has let go of after an event is gone here too. */
  #isExpiryDue(): boolean {
    return this.ports.eventTime === 'trusted' && this.#pace.isDue();
  }

  /** Without any event yet nothing can have run out. */
  #now(): Instant {
    return this.ports.eventTime === 'trusted' ? this.#graph.now : this.ports.now();
  }

  /** The truth first: whoever hears of a ring from Redis finds its members there. */
  async #writeWaiting(): Promise<void> {
    for (let [next] = this.#unwritten; next !== undefined; [next] = this.#unwritten) {
      const grown = isEmptyBatch(next) ? [] : await this.ports.log.write(this.lease, next);
      if (grown === undefined) throw new LeaseLost();
      this.#unwritten.shift();
      for (const ring of grown) this.#grown.add(ring);
      this.ports.onBatch(next);
      if (!this.#isLive) this.#publisher.remember(next);
      else if (!isEmptyBatch(next)) await this.#publisher.publish(next);
    }
    if (this.#grown.size > 0) await this.ports.onGrown([...this.#grown]);
    this.#grown.clear();
  }

  async #goLive(): Promise<void> {
    const ended = this.#former.filter((id) => this.#graph.ring(id) === undefined);
    await this.#publisher.begin(ended);
    this.#isLive = true;
  }
}
