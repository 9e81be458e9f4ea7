import { createSealer } from '../adapters/crypto/sealer.js';
import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { SqlOutbox } from '../adapters/postgres/outbox.js';
import { erasedSince } from '../adapters/postgres/subjects.js';
import { SqlUncountedEvents } from '../adapters/postgres/uncounted-events.js';
import { RedisAccountMemory } from '../adapters/redis/account-memory.js';
import { redisEpoch } from '../adapters/redis/redis-epoch.js';
import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createLossWatch, type LossWatch } from '../workers/loss-watch.js';
import type { TruthWatch } from '../workers/truth-watch.js';
import type { History } from './history.js';

interface LossWatchOptions {
  readonly truth: Truth;
  readonly store: HotStore;
  readonly truthWatch: TruthWatch;
  readonly history: Pick<History, 'mark'>;
  readonly pepper: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly elapsed: () => number;
}

/** In every instance: has Redis lost its last seconds? Known before the gate believes anything in it. */
export async function openLossWatch(options: LossWatchOptions): Promise<LossWatch> {
  const { store, truthWatch, history, log, metrics, clock, elapsed } = options;
  const watch = createLossWatch({
    mark: history.mark,
    isProjectionShown: async () => (await redisEpoch(store.relay).shown()) === truthWatch.epoch,
    tellAgain: (since) => tellAgain(since, options),
    connections: () => store.gate.connections,
    clock,
    elapsed,
    logger: log,
    metrics,
  });
  await store.relay
    .ready(1000)
    .then(() => watch.look())
    .catch((error: unknown) => log.debug({ error }, 'Redis could not be asked yet whether it has lost anything'));
  watch.start();
  return watch;
}

/** Whatever is told twice is told of the same: access by its version, jobs by their ids, counts and memories by their events. */
async function tellAgain(since: Instant, { truth: { background }, store, pepper }: LossWatchOptions) {
  const memory = new RedisAccountMemory(store.relay, createSealer(pepper), { rejects: true });
  for (const accountId of await erasedSince(background, since)) await memory.forget(accountId);
  const messages = await new SqlOutbox(background).tellAgain(since);
  return { messages, events: await new SqlUncountedEvents(background).countAgain(since) };
}
