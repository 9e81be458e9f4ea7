import { createEventSealer } from '../adapters/crypto/event-sealer.js';
import { createSealer } from '../adapters/crypto/sealer.js';
import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { SqlEventHistory } from '../adapters/postgres/event-history.js';
import { SqlEvidenceHistory } from '../adapters/postgres/evidence-history.js';
import { raiseHistoryMark, readHistoryMark } from '../adapters/postgres/meta.js';
import { SqlUncountedEvents } from '../adapters/postgres/uncounted-events.js';
import { RedisAccountMemory } from '../adapters/redis/account-memory.js';
import { clearHistory } from '../adapters/redis/clear-history.js';
import { RedisFeatureStore } from '../adapters/redis/feature-store.js';
import { HistoryMark } from '../adapters/redis/history-mark.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { sightingOf } from '../evaluate/observe-evidence.js';
import type { IdPrefix } from '../model/ids.js';
import type { Clock } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { countMissed, judgeSpanAgain } from '../workers/count-missed.js';
import { startCountWatch } from '../workers/count-watch.js';
import type { EvictionWatch } from '../workers/eviction-watch.js';
import { lookAtHistory, startHistoryKeeper } from '../workers/history-keeper.js';
import type { Loop } from '../workers/loop.js';
import type { TruthWatch } from '../workers/truth-watch.js';

interface HistoryOptions {
  readonly truth: Truth;
  readonly store: HotStore;
  readonly truthWatch: TruthWatch;
  readonly evictionWatch: EvictionWatch;
  readonly pepper: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly newId: (prefix: IdPrefix) => string;
}

/** Velocity history in Redis: can it be believed, and who rebuilds it when it is lost. */
export interface History {
  /** For every instance. */
  isWhole(): Promise<boolean>;
  /** That it is whole, and since when it may not be. */
  readonly mark: HistoryMark;
  /** For instances with workers. */
  startKeeper(story: EvaluatorPorts): HistoryKeeper;
  stop(): Promise<void>;
}

interface HistoryKeeper extends Loop {
  /** Counts what could not be counted when it was decided; false while it cannot be. */
  countMissed(): Promise<boolean>;
}

/** A new installation shows its empty history at once, so that its first decisions are not degraded. */
export async function composeHistory(options: HistoryOptions): Promise<History> {
  const { truth, store, truthWatch, evictionWatch, pepper, log, metrics, clock, elapsed, newId } = options;
  const { background } = truth;
  const mark = new HistoryMark({
    hot: store.hot,
    relay: store.relay,
    epoch: () => truthWatch.epoch,
    newToken: () => newId('mark'),
    clock,
  });
  const watching = {
    mark,
    markCopy: {
      read: () => readHistoryMark(background),
      raise: (at: number, latest: number) => raiseHistoryMark(background, at, latest),
    },
    history: new SqlEventHistory(background),
    clock,
    logger: log,
    metrics,
  };
  // A Redis that answers may refuse all the same: it is full, or a replica. The keeper looks again each second.
  await store.relay
    .ready(1000)
    .then(() => lookAtHistory(watching))
    .catch((error: unknown) => log.warn({ error }, 'Redis cannot be used yet: decisions are degraded until it can'));
  const uncounted = new SqlUncountedEvents(background);
  const watch = await startCountWatch({ uncounted, logger: log, metrics });
  return {
    mark,
    isWhole: async () => !watch.isBehind && (await mark.isWhole()),
    stop: () => watch.stop(),
    startKeeper(story) {
      let isStopping = false;
      const missed = {
        isStopping: () => isStopping,
        uncounted,
        history: watching.history,
        features: new RedisFeatureStore(store.relay),
        memory: new RedisAccountMemory(store.relay, createSealer(pepper)),
        snapshot: story.snapshot,
        sealer: createEventSealer(pepper),
      };
      const counting = async (): Promise<boolean> => {
        const isDone = await countMissed(missed);
        await watch.look();
        return isDone;
      };
      const keeper = startHistoryKeeper({
        ...watching,
        async catchUp() {
          if ((await counting()) && !watch.isBehind) await judgeSpanAgain(missed);
        },
        isOurs: () => truthWatch.isOurs,
        drops: evictionWatch,
        snapshot: story.snapshot,
        evidence: new SqlEvidenceHistory(background),
        countOf: async (record) => (await sightingOf(record, story)).request,
        sealer: createEventSealer(pepper),
        features: new RedisFeatureStore(store.relay),
        clear: (mayGoOn) => clearHistory(store.relay, mayGoOn),
        elapsed,
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      });
      const stop = (): Promise<void> => {
        isStopping = true;
        return keeper.stop();
      };
      return { wake: () => keeper.wake(), countMissed: counting, stop };
    },
  };
}
