import { within } from '../adapters/within.js';
import type { Backlog } from '../outbox/backlog.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type Loop, startLoop } from './loop.js';

interface BacklogWatchPorts {
  /** From the truth; rejects when that is away. */
  readonly read: () => Promise<Backlog>;
  /** The rule set in use has links: somebody ought to keep rings. */
  readonly hasRings: () => boolean;
  readonly metrics: BacklogMetrics;
  readonly everyMs?: number;
}

type BacklogMetrics = Pick<
  Metrics,
  | 'outboxWaiting'
  | 'outboxOldestSeconds'
  | 'auditRows'
  | 'webhooksPending'
  | 'webhooksOldestSeconds'
  | 'webhookEndpointsDisabled'
  | 'ringWorkerLag'
>;

/**
 * For every instance, those without workers too: what waits because nobody works is seen by those who answer. What cannot be
 * known, or not before the next look, is not told at all: zero would say that all is well, and so may old numbers.
 */
export function startBacklogWatch({ read, hasRings, metrics, everyMs = 5000 }: BacklogWatchPorts): Loop {
  forget(metrics);
  metrics.ringWorkerLag.remove();
  let isLagOurs = false;
  /** Whoever keeps the rings knows better, and tells it. */
  const tellLag = (lagMs: number | undefined): void => {
    if (lagMs !== undefined && hasRings()) metrics.ringWorkerLag.set(lagMs / 1000);
    else if (isLagOurs) metrics.ringWorkerLag.remove();
    isLagOurs = lagMs !== undefined && hasRings();
  };
  return startLoop({
    everyMs,
    work: async () => {
      const backlog = await within(read(), everyMs);
      tell(backlog, metrics);
      tellLag(backlog.ringLagMs);
      return false;
    },
    onError: () => {
      forget(metrics);
      tellLag(undefined);
    },
  });
}

function tell({ outbox, auditRows, webhooks, disabledEndpoints }: Backlog, metrics: BacklogMetrics): void {
  metrics.outboxWaiting.set(outbox.count);
  metrics.outboxOldestSeconds.set(outbox.oldestMs / 1000);
  metrics.auditRows.set({ state: 'sealed' }, auditRows.sealed);
  metrics.auditRows.set({ state: 'unsealed' }, auditRows.unsealed);
  metrics.webhooksPending.set(webhooks.count);
  metrics.webhooksOldestSeconds.set(webhooks.oldestMs / 1000);
  for (const [because, count] of Object.entries(disabledEndpoints))
    metrics.webhookEndpointsDisabled.set({ because }, count);
}

function forget(metrics: BacklogMetrics): void {
  metrics.outboxWaiting.remove();
  metrics.outboxOldestSeconds.remove();
  metrics.webhooksPending.remove();
  metrics.webhooksOldestSeconds.remove();
  metrics.auditRows.reset();
  metrics.webhookEndpointsDisabled.reset();
}
