import type { CaseUpkeep } from '../cases/case-upkeep.js';
import type { QueueFigures } from '../cases/queue-figures.js';
import type { Clock } from '../model/time.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type Loop, startLoop } from './loop.js';

interface BreachWatchPorts {
  readonly cases: Pick<CaseUpkeep, 'recordBreaches'>;
  readonly queue: Pick<QueueFigures, 'late'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'casesLate'>;
  readonly onCommitted: () => void;
  readonly onError: (error: unknown) => void;
}

const everyMs = 5000;

/** Tells once of each case that was not decided in time. Any number of instances may watch. */
export const startBreachWatch = (ports: BreachWatchPorts): Loop =>
  startLoop({
    everyMs,
    async work() {
      const now = ports.clock.now();
      const told = await ports.cases.recordBreaches(now);
      if (told > 0) ports.onCommitted();
      ports.metrics.casesLate.set(await ports.queue.late(now));
      return told > 0;
    },
    onError: ports.onError,
  });
