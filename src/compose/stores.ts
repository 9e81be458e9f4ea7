import { type HotStore, openHotStore } from '../adapters/embedded/open-hot-store.js';
import { openTruth, type Truth } from '../adapters/embedded/open-truth.js';
import { migrate } from '../adapters/postgres/migrate.js';
import type { Config } from '../config.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

/** The truth and the hot store, both or none: a start that fails leaves no server of its own running. */
export async function openStores(config: Config, log: Logger, metrics: Metrics): Promise<readonly [Truth, HotStore]> {
  const [truth, store] = await Promise.allSettled([
    openMigratedTruth(config, log, metrics),
    openStore(config, log, metrics),
  ]);
  if (truth.status === 'fulfilled' && store.status === 'fulfilled') return [truth.value, store.value];
  if (truth.status === 'fulfilled') await truth.value.close();
  if (store.status === 'fulfilled') await store.value.close();
  throw truth.status === 'rejected' ? truth.reason : store.status === 'rejected' ? store.reason : undefined;
}

async function openMigratedTruth(config: Config, log: Logger, metrics: Metrics): Promise<Truth> {
  const truth = await openTruth({
    databaseUrl: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    onConnectionError: (error) => {
      metrics.storeFailures.inc({ store: 'postgres' });
      log.warn({ error }, 'a database connection broke');
    },
  });
  await migrate(truth.patient).catch(async (error: unknown) => {
    await truth.close();
    throw error;
  });
  return truth;
}

const openStore = (config: Config, log: Logger, metrics: Metrics): Promise<HotStore> =>
  openHotStore({
    addressing: { url: config.REDIS_URL, nodes: config.REDIS_CLUSTER },
    dataDir: config.DATA_DIR,
    log,
    onError: (error) => {
      metrics.storeFailures.inc({ store: 'redis' });
      log.warn({ error }, 'a connection to Redis broke, or cannot be had');
    },
  });
