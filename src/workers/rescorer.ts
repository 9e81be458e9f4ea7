import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { rescoreEvent } from '../evaluate/rescore-event.js';
import type { ProvisionalAccess, RescoreQueue } from '../evaluate/rescore-queue.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

interface Rescorer {
  /** Goes through what is pending once; returns how many were decided again. */
  runOnce(): Promise<number>;
  stop(): Promise<void>;
}

interface RescorerOptions {
  readonly ports: EvaluatorPorts;
  readonly queue: RescoreQueue;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Counts what could not be counted when it was decided; false while it cannot be. */
  readonly countMissed: () => Promise<boolean>;
  /** Between two looks; recovery shows within this and the time to work the backlog. */
  readonly everyMs: number;
}

const atOnce = 100;
/** Accounts worked on at the same time: the backlog of a long outage has to go, and evaluations have to go on. */
const together = 4;

/** Decisions that were made without an input are made again once it is back. */
export function startRescorer(options: RescorerOptions): Rescorer {
  let stopped = false;
  let running: Promise<number> = Promise.resolve(0);
  const timer = setInterval(() => {
    running = running.then(() => (stopped ? 0 : runOnce(options)));
  }, options.everyMs);
  return {
    runOnce: () => runOnce(options),
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

async function runOnce({ ports, queue, log, metrics, countMissed }: RescorerOptions): Promise<number> {
  let settled = 0;
  try {
    for (;;) {
      const found = await queue.pending(atOnce);
      if (found.length === 0) break;
      // First: whoever is judged before an earlier event has been counted is judged by too low counts again.
      if (!(await countMissed())) {
        await queue.release();
        break;
      }
      const done = await rescore(found, { ports, queue, metrics });
      settled += done;
      if (done < atOnce) {
        await queue.release();
        break;
      }
    }
  } catch (error) {
    log.warn({ error: String(error) }, 'rescoring failed, it goes on at the next look');
  }
  if (settled > 0) log.info({ settled }, 'degraded decisions were made again');
  return settled;
}

/** Returns how many were settled. One that is still blind stands for the rest: the store is not back. */
async function rescore(
  found: readonly ProvisionalAccess[],
  { ports, queue, metrics }: Pick<RescorerOptions, 'ports' | 'queue' | 'metrics'>,
): Promise<number> {
  let settled = 0;
  for (let i = 0; i < found.length; i += together) {
    const some = found.slice(i, i + together);
    const results = await Promise.all(some.map((pending) => rescoreEvent(pending, ports, queue)));
    const seeing = results.filter((result) => result !== 'still_blind');
    for (const result of seeing) metrics.rescored.inc({ changed: String(result === 'changed') });
    settled += seeing.length;
    if (seeing.length < results.length) break;
  }
  return settled;
}
