import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

interface EvictionWatchPorts {
  /**
   * The policy by which Redis drops records when it is full; undefined when it drops none. Rejects when it is away, or does
   * not tell.
   */
  readonly policy: () => Promise<string | undefined>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'redisEvicts'>;
  readonly elapsed: () => number;
}

export interface EvictionWatch {
  /** Undefined while it cannot be read. */
  readonly evicts: boolean | undefined;
  stop(): Promise<void>;
}

const lookMs = 10_000;
const tellEveryMs = 600_000;
const words =
  'Redis drops records when its memory is full, and nobody can tell: velocity counts come out too low. Set maxmemory-policy noeviction';

/** For every instance. A Redis that drops what it was given still answers, so nothing else would tell. */
export function startEvictionWatch({ policy, logger, metrics, elapsed }: EvictionWatchPorts): EvictionWatch {
  let evicts: boolean | undefined;
  // Until it has been read there is nothing to tell: zero would say that all is well.
  metrics.redisEvicts.remove();
  let toldAt = Number.NEGATIVE_INFINITY;
  const work = async (): Promise<boolean> => {
    const found = await policy();
    evicts = found !== undefined;
    metrics.redisEvicts.set(evicts ? 1 : 0);
    if (evicts && elapsed() - toldAt >= tellEveryMs) {
      toldAt = elapsed();
      logger.error({ maxmemory_policy: found }, words);
    }
    return false;
  };
  // Whether Redis answers is told elsewhere.
  const onError = (): void => {
    evicts = undefined;
    metrics.redisEvicts.remove();
  };
  const loop = startLoop({ everyMs: lookMs, work, onError });
  return {
    get evicts() {
      return evicts;
    },
    stop: () => loop.stop(),
  };
}
