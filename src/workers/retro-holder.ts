import { type BatchPorts, runDueBatches } from '../cases/run-batches.js';
import type { Logger } from '../telemetry/logger.js';
import { type Loop, startLoop } from './loop.js';

export interface RetroHolderOptions extends BatchPorts {
  readonly log: Logger;
  /** Access changed: the relay has something to deliver. */
  readonly onChanged: () => void;
  readonly everyMs: number;
}

/** Holds the earlier members of rings that were found out. Any number of instances may run one; wake it after a finding. */
export function startRetroHolder(options: RetroHolderOptions): Loop {
  const { log, everyMs, onChanged } = options;
  const onError = (error: unknown): void =>
    log.warn({ error }, 'holding the earlier members of a ring failed, it goes on in a minute');
  const work = async (): Promise<boolean> => {
    for (const batch of await runDueBatches({ ...options, onPage: onChanged })) {
      const counts = await options.batches.countsOf(batch.id);
      log.info({ batch: batch.id, ring: batch.ringId, state: batch.state, counts }, 'went on with the batch of a ring');
    }
    return false;
  };
  return startLoop({ everyMs, work, onError });
}
