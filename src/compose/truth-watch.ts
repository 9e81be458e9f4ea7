import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { SqlAccessTruth } from '../adapters/postgres/access-truth.js';
import { ensureEpoch } from '../adapters/postgres/meta.js';
import { SqlTruthPlace } from '../adapters/postgres/truth-place.js';
import { RedisTruthMark } from '../adapters/redis/truth-mark.js';
import type { IdPrefix } from '../model/ids.js';
import type { Clock } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createTruthWatch, type TruthWatch } from '../workers/truth-watch.js';

interface TruthWatchOptions {
  readonly truth: Truth;
  readonly store: HotStore;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly newId: (prefix: IdPrefix) => string;
}

/** In every instance: is Redis a projection of this database? Known before anything in Redis is read, where it answers. */
export async function openTruthWatch(options: TruthWatchOptions): Promise<TruthWatch> {
  const { truth, store, log, metrics, clock, elapsed, newId } = options;
  const epoch = await ensureEpoch(truth.background, newId('epoch'));
  const watch = createTruthWatch(
    {
      place: new SqlTruthPlace(truth.background),
      marks: new RedisTruthMark(store.relay),
      truth: new SqlAccessTruth(truth.background),
      newEpoch: () => newId('epoch'),
      clock,
      elapsed,
      logger: log,
      metrics,
    },
    epoch,
  );
  await store.relay
    .ready(1000)
    .then(() => watch.look())
    .catch((error: unknown) => log.debug({ error }, 'Redis could not be asked yet of which database it was told'));
  watch.start();
  return watch;
}
