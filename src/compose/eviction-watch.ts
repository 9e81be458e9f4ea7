import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { SqlSeenDrops } from '../adapters/postgres/seen-drops.js';
import { SqlUncountedEvents } from '../adapters/postgres/uncounted-events.js';
import { distrustRecords, doubtRecords, isHistoryShown } from '../adapters/redis/distrust-records.js';
import { readDrops } from '../adapters/redis/read-drops.js';
import type { Clock } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createEvictionWatch, type EvictionWatch } from '../workers/eviction-watch.js';

interface EvictionWatchOptions {
  readonly truth: Truth;
  readonly store: HotStore;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly elapsed: () => number;
}

/** In every instance: has Redis dropped records? Known before anything in it is believed, where it answers. */
export async function openEvictionWatch(options: EvictionWatchOptions): Promise<EvictionWatch> {
  const { truth, store, log, metrics, clock, elapsed } = options;
  const { relay } = store;
  const uncounted = new SqlUncountedEvents(truth.background);
  const watch = createEvictionWatch({
    read: () => readDrops(relay),
    seen: new SqlSeenDrops(truth.background),
    records: {
      distrust: () => distrustRecords(relay),
      doubt: () => doubtRecords(relay),
      isTrusted: () => isHistoryShown(relay),
    },
    judgeAgainSince: (at) => uncounted.noteSpan(at),
    clock,
    elapsed,
    logger: log,
    metrics,
  });
  await relay
    .ready(1000)
    .then(() => watch.look())
    .catch((error: unknown) => log.debug({ error }, 'Redis could not be asked yet whether it drops records'));
  watch.start();
  return watch;
}
