import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../telemetry/logger.js';

interface ErasedTracesPorts {
  /** True when an erasure of an earlier run was not followed by a rewriting. */
  isLeft(): Promise<boolean>;
  /** Writes files anew, without what was erased. */
  rewrite(): Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly elapsed: () => number;
  readonly log: Logger;
  /** After an erasure, so that many are followed by one rewriting; 2 s. */
  readonly afterMs?: number;
}

export interface ErasedTraces {
  /** An erasure has come. */
  ask(): void;
  /** Rewrites what is still to be; what is not done within so many milliseconds is left for the next start. */
  stop(withinMs: number): Promise<void>;
}

/** The stores stand still while they are rewritten: for a twentieth of the time at most. */
const restShare = 19;
const againAfterMs = 60_000;

/** What was erased leaves the files of embedded stores soon after, once for all erasures that have come by then. */
export function startErasedTraces({ isLeft, rewrite, elapsed, log, afterMs = 2000 }: ErasedTracesPorts): ErasedTraces {
  let isAsked = false;
  let isRunning = false;
  let isStopped = false;
  let earliest = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    if (!isAsked) return;
    isAsked = false;
    isRunning = true;
    const startedAt = elapsed();
    try {
      await rewrite();
      earliest = elapsed() + restShare * (elapsed() - startedAt);
    } catch (error) {
      isAsked = true;
      earliest = elapsed() + againAfterMs;
      log.warn({ error }, 'what was erased could not be taken out of the files of the embedded stores yet');
    }
    isRunning = false;
    plan();
  };
  const plan = (): void => {
    if (!isAsked || isStopped || isRunning || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        running = running.then(run);
      },
      Math.max(afterMs, earliest - elapsed()),
    );
  };
  const ask = (): void => {
    isAsked = true;
    plan();
  };
  // A database that cannot say is asked again at the next start.
  const looked = isLeft()
    .then((left) => (left ? ask() : undefined))
    .catch(() => undefined);
  return {
    ask,
    async stop(withinMs) {
      isStopped = true;
      clearTimeout(timer);
      const done = looked.then(() => running).then(run);
      const isLate = await Promise.race([done, sleep(withinMs, true, { ref: false })]);
      if (isLate === true)
        log.warn({}, 'files of the embedded stores still hold what was erased, until the next start');
    },
  };
}
