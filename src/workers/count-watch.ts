import type { UncountedEvents } from '../evaluate/uncounted-events.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

export interface CountWatchPorts {
  readonly uncounted: Pick<UncountedEvents, 'waitingMs'>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'uncountedSeconds'>;
}

/** For every instance: whether what Redis counts lacks events of an outage. */
export interface CountWatch {
  /** Counts are too low, and nobody may go by them. */
  readonly isBehind: boolean;
  look(): Promise<void>;
  stop(): Promise<void>;
}

const lookMs = 500;
/**
 * A single trip that took too long is counted within a second by whoever looks next, and who was decided meanwhile is
 * judged again: that is no reason to limit everybody. After an outage the events of all that time wait.
 */
const bearableMs = 3000;

/** A look that fails changes nothing: without the database nothing is decided either. */
export async function startCountWatch({ uncounted, logger, metrics }: CountWatchPorts): Promise<CountWatch> {
  let isBehind = false;
  const look = async (): Promise<void> => {
    const waitingMs = (await uncounted.waitingMs()) ?? 0;
    metrics.uncountedSeconds.set(waitingMs / 1000);
    const wasBehind = isBehind;
    isBehind = waitingMs > bearableMs;
    if (isBehind && !wasBehind)
      logger.warn({}, 'events of an outage are not counted yet: decisions are degraded until they are');
    if (!isBehind && wasBehind) logger.info({}, 'the events of an outage are counted');
  };
  const onError = (error: unknown): void => logger.debug({ error }, 'uncounted events could not be looked at');
  await look().catch(onError);
  const loop = startLoop({ everyMs: lookMs, work: () => look().then(() => false), onError });
  return {
    get isBehind() {
      return isBehind;
    },
    look,
    stop: () => loop.stop(),
  };
}
