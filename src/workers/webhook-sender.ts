import type { Clock, Instant } from '../model/time.js';
import type { DeliveryResult, TakenDelivery, Webhooks } from '../outbox/webhooks.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

interface WebhookSenderPorts {
  readonly webhooks: Pick<Webhooks, 'take' | 'finish' | 'disable' | 'forget'>;
  readonly send: (taken: TakenDelivery, now: Instant) => Promise<DeliveryResult>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'webhookAttempts'>;
}

interface WebhookSenderOptions {
  readonly pollMs?: number;
  /** On their way to one endpoint at the same time: the others wait, and nobody waits for them. */
  readonly perEndpoint?: number;
  /** On their way from this process. */
  readonly limit?: number;
}

export interface WebhookSender {
  wake(): void;
  /** Ends after what is on its way. */
  stop(): Promise<void>;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** Pauses after each try: together a day. */
const pauses = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
];
/** Longer than a try may take: whoever dies with a message loses it to another. */
const leaseMs = 30_000;
const keepMs = 30 * 24 * hour;

/** When a message that did not arrive is tried again; null: it was tried for a day. */
export const nextAttemptAt = (attempts: number, now: Instant): Instant | null => {
  const pause = pauses[attempts - 1];
  return pause === undefined ? null : now + pause;
};

/** Any number of instances may send: each message is on its way from one of them, under the same id on every try. */
export function startWebhookSender(ports: WebhookSenderPorts, options: WebhookSenderOptions = {}): WebhookSender {
  const { webhooks, clock, log, metrics } = ports;
  const { pollMs = 1000, perEndpoint = 4, limit = 64 } = options;
  const underWay = new Set<Promise<void>>();
  const onError = (error: unknown): void =>
    log.warn({ error }, 'webhooks could not be sent for a moment; it will be tried again');
  const turn = async (): Promise<boolean> => {
    const room = limit - underWay.size;
    if (room <= 0) return false;
    const taken = await webhooks.take({ limit: room, perEndpoint, leaseMs });
    for (const one of taken) {
      const sending: Promise<void> = sendOne(ports, one)
        .catch(onError)
        .finally(() => {
          underWay.delete(sending);
          loop.wake();
        });
      underWay.add(sending);
    }
    return false;
  };
  const loop = startLoop({ everyMs: pollMs, work: turn, onError });
  const forgetting = startLoop({
    everyMs: hour,
    work: async () => (await webhooks.forget(keepMs)) > 10_000,
    onError,
  });
  return {
    wake: () => loop.wake(),
    async stop() {
      await Promise.all([loop.stop(), forgetting.stop()]);
      await Promise.all(underWay);
    },
  };

  async function sendOne({ send }: WebhookSenderPorts, taken: TakenDelivery): Promise<void> {
    const { delivery } = taken;
    const result = await send(taken, clock.now());
    const now = clock.now();
    const next = result.isDelivered ? null : result.status === 410 ? null : nextAttemptAt(delivery.attempts, now);
    await webhooks.finish(delivery.id, result, next);
    metrics.webhookAttempts.inc({ result: result.isDelivered ? 'delivered' : next === null ? 'given_up' : 'retried' });
    if (result.isDelivered || next !== null) return;
    const because = result.status === 410 ? 'gone' : 'unreachable';
    if (await webhooks.disable(delivery.endpointId, because, now))
      log.error(
        { endpoint: delivery.endpointId, because },
        'a webhook endpoint was disabled: enable it once it is back',
      );
  }
}
