import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { rescoreEvent } from '../evaluate/rescore-event.js';
import type { RescoreQueue } from '../evaluate/rescore-queue.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

export interface Rescorer {
  /** Goes through what is pending once; returns how many were decided again. */
  runOnce(): Promise<number>;
  stop(): Promise<void>;
}

export interface RescorerOptions {
  readonly ports: EvaluatorPorts;
  readonly queue: RescoreQueue;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Between two looks; recovery shows within this and the time to work the backlog. */
  readonly everyMs: number;
}

const atOnce = 100;

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

async function runOnce({ ports, queue, log, metrics }: RescorerOptions): Promise<number> {
  let settled = 0;
  try {
    for (const pending of await queue.pending(atOnce)) {
      const result = await rescoreEvent(pending, ports, queue);
      // The first that is still blind stands for the rest: the store is not back.
      if (result === 'still_blind') break;
      metrics.rescored.inc({ changed: String(result === 'changed') });
      settled++;
    }
  } catch (error) {
    log.warn({ error: String(error) }, 'rescoring failed, it goes on at the next look');
  }
  if (settled > 0) log.info({ settled }, 'degraded decisions were made again');
  return settled;
}
