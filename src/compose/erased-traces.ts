import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { isErasureLeft } from '../adapters/postgres/rewrite-tables.js';
import type { Logger } from '../telemetry/logger.js';
import { type ErasedTraces, startErasedTraces } from '../workers/erased-traces.js';

interface ErasedTracesOptions {
  readonly truth: Truth;
  readonly store: HotStore;
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** Takes what was erased out of the files of the stores that are ours; how servers elsewhere keep theirs is their operator's. */
export function composeErasedTraces({ truth, store, elapsed, log }: ErasedTracesOptions): ErasedTraces {
  return startErasedTraces({
    async isLeft() {
      // The mark is the database's own: a Redis of ours beside a database elsewhere is rewritten at each start.
      return truth.rewriteFiles === undefined ? store.rewriteFiles !== undefined : isErasureLeft(truth.background);
    },
    async rewrite() {
      await store.rewriteFiles?.();
      await truth.rewriteFiles?.();
    },
    elapsed,
    log,
  });
}
