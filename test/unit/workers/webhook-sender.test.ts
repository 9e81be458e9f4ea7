import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryWebhooks } from '../../../src/adapters/memory/webhooks.js';
import type { DeliveryResult, TakenDelivery } from '../../../src/outbox/webhooks.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { nextAttemptAt, startWebhookSender, type WebhookSender } from '../../../src/workers/webhook-sender.js';
import { eventually } from '../../support/eventually.js';

const clock = { at: 1_800_000_000_000, now: () => clock.at };
let sender: WebhookSender | undefined;
afterEach(async () => {
  await sender?.stop();
  sender = undefined;
});

async function world(send: (taken: TakenDelivery) => Promise<DeliveryResult>) {
  const webhooks = new MemoryWebhooks(clock);
  const add = (id: string) =>
    webhooks.add(
      {
        id,
        url: `https://${id}.example/`,
        description: '',
        events: ['case.opened'],
        disabledBecause: null,
        createdAt: clock.at,
        createdBy: 'key_admin',
        formerSecretUntil: null,
      },
      'whsec_b25l',
    );
  await add('quick');
  await add('dead');
  const tell = (id: string) => webhooks.enqueue([{ id, event: 'case.opened', at: clock.at, payload: {} }]);
  const start = () => {
    sender = startWebhookSender(
      { webhooks, send, clock, log: silentLogger, metrics: createMetrics() },
      { pollMs: 5, perEndpoint: 2 },
    );
  };
  return { webhooks, tell, start };
}

const answer = (status: number): DeliveryResult => ({ isDelivered: status < 300, status, error: null });

describe('the sender of webhooks', () => {
  it('lets an endpoint that never answers hold up nobody else', async () => {
    let free: () => void = () => undefined;
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    let stuck = 0;
    const { webhooks, tell, start } = await world(async ({ delivery }) => {
      if (delivery.endpointId === 'quick') return answer(204);
      stuck += 1;
      await freed;
      return answer(500);
    });
    for (let i = 0; i < 20; i++) await tell(`evt_${i}`);
    start();
    await eventually(
      async () => (await webhooks.deliveries({ endpointId: 'quick', state: 'delivered', limit: 50 })).length === 20,
    );
    expect(stuck).toBe(2);
    free();
  });

  it('tries for a day, then fails the message and disables the endpoint', async () => {
    const ids: string[] = [];
    const { webhooks, tell, start } = await world(async ({ delivery }) => {
      if (delivery.endpointId === 'quick') return answer(204);
      ids.push(delivery.messageId);
      clock.at = (nextAttemptAt(delivery.attempts, clock.at) ?? clock.at) + 1;
      return answer(503);
    });
    const from = clock.at;
    await tell('evt_same');
    // Whatever is due is due by the clock, which goes on with each try.
    const forward = setInterval(() => {
      clock.at += 3_600_000;
    }, 5);
    start();
    await eventually(async () => (await webhooks.endpoint('dead'))?.disabledBecause === 'unreachable');
    clearInterval(forward);
    expect(new Set(ids)).toEqual(new Set(['evt_same']));
    expect(ids).toHaveLength(11);
    expect(clock.at - from).toBeGreaterThan(23 * 3_600_000);
    expect(await webhooks.deliveries({ endpointId: 'dead', state: 'failed', limit: 5 })).toHaveLength(1);
    expect((await webhooks.endpoint('quick'))?.disabledBecause).toBeNull();
  });

  it('believes an endpoint that says that it is gone', async () => {
    const { webhooks, tell, start } = await world(async ({ delivery }) =>
      answer(delivery.endpointId === 'dead' ? 410 : 204),
    );
    await tell('evt_1');
    start();
    await eventually(async () => (await webhooks.endpoint('dead'))?.disabledBecause === 'gone');
    expect(webhooks.audit.at(-1)).toEqual(['webhook.endpoint_disabled', 'dead', 'system']);
  });

  it('waits longer after each try', () => {
    const waits = Array.from({ length: 11 }, (_, i) => nextAttemptAt(i + 1, 0));
    expect(waits.at(-1)).toBeNull();
    const known = waits.flatMap((wait) => wait ?? []);
    expect(known).toEqual([...known].sort((a, b) => a - b));
    expect(known.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(23 * 3_600_000);
  });
});
