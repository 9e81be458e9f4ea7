import type { AccessBatch } from '../cases/access-batch.js';
import { type BatchPorts, runDueBatches } from '../ring-decisions/run-batches.js';
import type { Logger } from '../telemetry/logger.js';
import { type Loop, startLoop } from './loop.js';

interface RetroHolderOptions extends Omit<BatchPorts, 'onFailed' | 'onPage'> {
  readonly log: Logger;
  /** Access changed: the relay has something to deliver. */
  readonly onChanged: () => void;
  readonly everyMs: number;
}

/** Goes on with the batches of rings: earlier members that are to be held, decisions of people, what is taken back. Any number of instances may run one; wake it after a finding. */
export function startRetroHolder(options: RetroHolderOptions): Loop {
  const { log, everyMs, onChanged } = options;
  const onError = (error: unknown): void =>
    log.warn({ error }, 'the batches of rings could not be looked at, they will be at the next turn');
  const onFailed = ({ id, ringId }: AccessBatch, error: unknown): void =>
    log.warn(
      { error, batch: id, ring: ringId },
      'the batch of a ring could not go on, it is tried again in 15 seconds',
    );
  const work = async (): Promise<boolean> => {
    for (const batch of await runDueBatches({ ...options, onPage: onChanged, onFailed })) {
      const counts = await options.batches.countsOf(batch.id);
      log.info({ batch: batch.id, ring: batch.ringId, state: batch.state, counts }, 'went on with the batch of a ring');
    }
    return false;
  };
  return startLoop({ everyMs, work, onError });
}
