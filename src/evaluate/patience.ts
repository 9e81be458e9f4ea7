import type { EvaluatorPorts } from './evaluator-ports.js';

/**
 * For all trips to the hot store that one evaluation makes, ms: with the commit, its answer goes out within 150. A store
 * that is down costs one of its own time-outs, not one for each trip.
 */
const hotStoreMs = 105;

/** How long one evaluation still waits for the hot store. */
export class Patience {
  #leftMs = hotStoreMs;

  constructor(private readonly ports: Pick<EvaluatorPorts, 'elapsed' | 'orElse'>) {}

  get isOver(): boolean {
    return this.#leftMs <= 0;
  }

  /** The store did not answer a moment ago: it is not waited for a second time. */
  end(): void {
    this.#leftMs = 0;
  }

  /** What `work` asked for is still done when its answer comes too late. */
  async wait<T>(work: Promise<T>, late: T): Promise<T> {
    const { elapsed, orElse } = this.ports;
    if (this.isOver) return late;
    if (orElse === undefined) return work;
    const since = elapsed();
    const answer = await orElse(work, this.#leftMs, late);
    this.#leftMs -= elapsed() - since;
    return answer;
  }
}
