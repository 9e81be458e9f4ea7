import { type GatherPorts, gatherEveryMs, gatherRings } from '../ring-decisions/gather-rings.js';
import type { Logger } from '../telemetry/logger.js';
import { type Loop, startLoop } from './loop.js';

interface RingGathererOptions extends Omit<GatherPorts, 'onFailed'> {
  readonly log: Logger;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  /** Between two looks, of which each begins with all undecided cases of single accounts. */
  readonly everyMs?: number | undefined;
}

const turnMs = 1000;
/** A look that takes long, because very many cases wait, is followed by a pause so many times as long, up to some minutes. */
const pauseFactor = 20;
const longestPauseMs = 300_000;

/** Brings held accounts of rings into one case. Any number of instances may do it at the same time. */
export function startRingGatherer({ log, elapsed, everyMs = gatherEveryMs, ...ports }: RingGathererOptions): Loop {
  const onFailed = (ring: string, error: unknown): void =>
    log.warn({ error, ring }, 'the held accounts of a ring could not be gathered, they will be looked at again');
  let dueAt = elapsed() + everyMs;
  const work = async (): Promise<boolean> => {
    const began = elapsed();
    if (began < dueAt) return false;
    // Whatever becomes of it, the next one is not before then.
    dueAt = began + everyMs;
    for (const { ringId, accounts } of await gatherRings({ ...ports, onFailed }))
      if (accounts > 0) log.info({ ring: ringId, accounts }, 'held accounts came into the case of their ring');
    const ended = elapsed();
    dueAt = Math.max(dueAt, ended + Math.min((ended - began) * pauseFactor, longestPauseMs));
    return false;
  };
  const onError = (error: unknown): void =>
    log.warn({ error }, 'rings could not be gathered, they will be at a later turn');
  return startLoop({ everyMs: Math.min(turnMs, everyMs), work, onError });
}
