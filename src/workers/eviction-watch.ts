import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

export interface EvictionWatchPorts {
  /** The policy by which Redis drops records when it is full; undefined when it drops none. Rejects when it is away. */
  readonly policy: () => Promise<string | undefined>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'redisEvicts'>;
  readonly elapsed: () => number;
}

export interface EvictionWatch {
  readonly evicts: boolean;
  stop(): Promise<void>;
}

const lookMs = 10_000;
const tellEveryMs = 600_000;
const words =
  'Redis drops records when its memory is full, and nobody can tell: velocity counts come out too low. Set maxmemory-policy noeviction';

/** For every instance. A Redis that drops what it was given still answers, so nothing else would tell. */
export function startEvictionWatch({ policy, logger, metrics, elapsed }: EvictionWatchPorts): EvictionWatch {
  let evicts = false;
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
  const loop = startLoop({ everyMs: lookMs, work, onError: () => undefined });
  return {
    get evicts() {
      return evicts;
    },
    stop: () => loop.stop(),
  };
}
