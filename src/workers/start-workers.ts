import type { VerificationConsumer, VerificationConsumerOptions } from '../adapters/bullmq/verification-consumer.js';
import type { CaseUpkeep } from '../cases/case-upkeep.js';
import type { QueueFigures } from '../cases/queue-figures.js';
import type { Outbox, OutboxItem } from '../outbox/outbox.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { VerificationNeeds } from '../verification/verification-needs.js';
import type { RecordVerification } from '../verification/verification-result.js';
import type { VerificationProvider } from '../verification/verification-work.js';
import { startBreachWatch } from './breach-watch.js';
import { type ReconcilerPorts, startReconciler } from './reconciler.js';
import { type RelayPorts, startRelay } from './relay.js';
import { createVerificationProcessor } from './verification.js';

type Told = 'onError' | 'onRepaired' | 'onCommitted' | 'onDelivered';

interface WorkersPorts extends Omit<RelayPorts, Told>, Omit<ReconcilerPorts, Told> {
  readonly projection: RelayPorts['projection'];
  readonly outbox: Outbox;
  readonly cases: CaseUpkeep;
  readonly needs: VerificationNeeds;
  readonly recordVerification: RecordVerification;
  readonly queue: Pick<QueueFigures, 'late'>;
  /** Takes verification jobs from their queue until it is closed; asked for where there is a provider. */
  readonly consume: (work: Omit<VerificationConsumerOptions, 'addressing'>) => Promise<VerificationConsumer>;
  /** Without one, verification jobs wait for a team's own worker, or for a person to decide the case. */
  readonly provider?: VerificationProvider | undefined;
  readonly log: RelayPorts['log'];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told of each message when it has arrived. */
  readonly onDelivered?: RelayPorts['onDelivered'];
}

interface Workers {
  /** Something was committed: what follows from it is delivered in a moment, together with what else comes by then. */
  wake(): void;
  /** Ends after the work under way. */
  stop(): Promise<void>;
}

/** Under load, one look at the outbox serves many commits. */
const gatherMs = 25;

/** Everything that goes on behind the answers. Any number of instances may do it at the same time. */
export async function startWorkers(ports: WorkersPorts): Promise<Workers> {
  const { logger, metrics } = ports;
  const onError = (error: unknown): void => logger.warn({ error }, 'background work failed and will be done again');
  const onDelivered = (item: OutboxItem, lagMs: number): void => {
    countDelivered(item, metrics);
    if (item.kind === 'access_changed') metrics.accessChangeSeconds.observe(lagMs / 1000);
    ports.onDelivered?.(item, lagMs);
  };
  const relay = startRelay({ ...ports, onError, onDelivered });
  const wake = gathered(() => relay.wake());
  const onCommitted = wake.soon;
  const onRepaired = (what: string, count: number): void => logger.warn({ what, count }, 'repaired what was missing');
  const reconciler = startReconciler({ ...ports, onError, onCommitted, onRepaired });
  const breaches = startBreachWatch({ ...ports, onError, onCommitted });
  const { provider } = ports;
  const consumer =
    provider &&
    (await ports.consume({
      process: createVerificationProcessor({ ...ports, provider, onCommitted }),
      onError,
      onFinished: (result) => metrics.jobs.inc({ queue: 'verification', result }),
    }));
  return {
    wake: onCommitted,
    async stop() {
      wake.cancel();
      await Promise.all([consumer?.close(), reconciler.stop(), breaches.stop()]);
      await relay.stop();
    },
  };
}

/** However often it is asked for in a moment, it is done once. */
function gathered(act: () => void): { soon(): void; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, gatherMs);
    },
    cancel: () => clearTimeout(timer),
  };
}

/** Every change of access and every new case passes here, whoever made it. */
function countDelivered({ kind, payload }: OutboxItem, metrics: Metrics): void {
  if (kind === 'case_opened') metrics.casesOpened.inc({ reason: String(payload.reason) });
  if (kind === 'case_breached') metrics.caseBreaches.inc({ reason: String(payload.reason) });
  if (kind === 'access_changed') metrics.accessChanges.inc({ cause: String(payload.cause), to: String(payload.to) });
}
