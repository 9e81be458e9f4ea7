import type { Instant } from '../model/time.js';
import { collectBatch, isEmptyBatch, splitChanges } from '../rings/collect-batch.js';
import type { RingBatch } from '../rings/ring-batch.js';
import type { RingChanges } from '../rings/ring-changes.js';
import type { RingGraph } from '../rings/ring-graph.js';
import type { RingProjection, RingRewrite } from '../rings/ring-projection.js';

export interface PublisherPorts {
  readonly projection: RingProjection;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  /** Lets everything else in the process go on. */
  readonly breathe: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** False while Redis would drop what it is given: nothing is written anew then. */
  readonly mayRewrite?: () => boolean;
}

/** Batches that Redis has not taken yet; with more of them everything is written anew instead. */
const mostUnpublished = 40;
/** Entries of one write. */
const partSize = 128;
/** Of each turn, for work that has time. */
const sparesMs = 20;

const nothing: Omit<RingBatch, 'at'> = {
  rings: [],
  merged: [],
  aliases: [],
  ended: [],
  members: [],
  keys: [],
  hubs: [],
};

const onlyRemoved = ({ at, ended, members, keys }: RingBatch): RingBatch => ({
  ...nothing,
  at,
  ended,
  members: members.filter(({ ringId }) => ringId === undefined),
  keys: keys.filter(({ ringId }) => ringId === undefined),
});

/** Keeps Redis at what the truth has: batch by batch, or everything anew where a batch was lost. It never fails, it waits. */
export class RingPublisher {
  #unpublished: RingBatch[] = [];
  #rewriting: { readonly rewrite: RingRewrite; readonly steps: Iterator<RingChanges> } | undefined;
  /** lost: nobody may believe what Redis shows. again: it is right, and is to be written once more. */
  #toRewrite: 'lost' | 'again' | undefined;
  /** What Redis may still show of the time before. */
  #removed: RingBatch[] = [];

  constructor(
    private readonly ports: PublisherPorts,
    private readonly graph: RingGraph,
    private readonly now: () => Instant,
  ) {}

  /** Nothing waits to be written. */
  get isShown(): boolean {
    const isWaiting = this.#unpublished.length > 0 || this.#removed.length > 0;
    return !isWaiting && this.#toRewrite === undefined && this.#rewriting === undefined;
  }

  async publish(batch: RingBatch): Promise<void> {
    this.#unpublished.push(batch);
    if (this.#unpublished.length > mostUnpublished) this.#lose();
    await this.#publishWaiting();
  }

  /** Of a batch that is not published: what is gone has to be removed, all else will be written anew. */
  remember(batch: RingBatch): void {
    const removed = onlyRemoved(batch);
    if (!isEmptyBatch(removed)) this.#removed.push(removed);
  }

  /** Everything for the first time, and without the rings that ended since somebody last did. */
  begin(ended: readonly string[]): Promise<void> {
    this.remember({ ...nothing, at: this.now(), ended });
    return this.#begin(false);
  }

  /** Everything again, beside what goes on. */
  refresh(): Promise<void> {
    return this.#rewriting === undefined ? this.#begin(false) : Promise.resolve();
  }

  /** What is being written anew was read from the rings of before. */
  rebuilt(): void {
    if (this.#rewriting !== undefined) this.#toRewrite ??= 'again';
    this.#rewriting = undefined;
  }

  /** Looks whether Redis still shows what was written to it. */
  async look(): Promise<void> {
    if (this.#rewriting !== undefined || this.#toRewrite !== undefined) return;
    if (!(await this.ports.projection.isWhole())) this.#toRewrite = 'lost';
  }

  /** A little of what has time, after each page. True when there is more of it. */
  async doSpareWork(): Promise<boolean> {
    await this.#publishWaiting();
    if (this.#toRewrite !== undefined && this.ports.mayRewrite?.() !== false)
      await this.#begin(this.#toRewrite === 'lost');
    const until = this.ports.elapsed() + sparesMs;
    while (this.ports.elapsed() < until) {
      if (!(await this.#rewriteMore())) return false;
      await this.ports.breathe();
    }
    return true;
  }

  /** In their order; those that Redis does not take wait for the next turn. */
  async #publishWaiting(): Promise<void> {
    try {
      for (let [next] = this.#unpublished; next !== undefined; [next] = this.#unpublished) {
        const isShown = await this.#publishOne(next);
        this.#unpublished.shift();
        if (!isShown) this.#lose();
      }
    } catch (error) {
      this.ports.onError(error);
    }
  }

  #lose(): void {
    this.#toRewrite = 'lost';
    for (const batch of this.#unpublished.splice(0)) this.remember(batch);
  }

  /** While everything is written anew, nobody is told that it is whole. */
  #publishOne(batch: RingBatch): Promise<boolean> {
    if (this.#rewriting === undefined) return this.ports.projection.publish(batch);
    return this.#rewriting.rewrite.write(batch).then(() => true);
  }

  async #begin(isLost: boolean): Promise<void> {
    try {
      const rewrite = await this.ports.projection.rewrite(isLost);
      for (const batch of this.#unpublished.splice(0)) this.remember(batch);
      for (const batch of this.#removed) await rewrite.write(batch);
      this.#removed = [];
      this.#rewriting = { rewrite, steps: this.graph.everything() };
      this.#toRewrite = undefined;
    } catch (error) {
      this.#toRewrite = 'lost';
      this.ports.onError(error);
    }
  }

  async #rewriteMore(): Promise<boolean> {
    const rewriting = this.#rewriting;
    if (rewriting === undefined) return false;
    try {
      const step = rewriting.steps.next();
      if (step.done !== true) {
        for (const part of splitChanges(step.value, partSize))
          await rewriting.rewrite.write(collectBatch([part], this.graph, this.now()));
        return true;
      }
      this.#rewriting = undefined;
      if (!(await rewriting.rewrite.finish())) this.#toRewrite = 'lost';
    } catch (error) {
      // A piece is missing now, and nobody must be told that all is there.
      this.#rewriting = undefined;
      this.#toRewrite = 'lost';
      this.ports.onError(error);
    }
    return false;
  }
}
