import { beforeEach, expect, it } from '@jest/globals';
import type { WebhookEndpoint, WebhookEvent, Webhooks } from '../../src/outbox/webhooks.js';

let number = 0;

/** What every store of endpoints and deliveries does; times are the store's own. */
export function webhooksContract(open: () => Webhooks): void {
  let webhooks: Webhooks;
  const by = { actor: 'key_admin', now: Date.now() };
  beforeEach(async () => {
    webhooks = open();
    for (const { id } of await webhooks.endpoints()) await webhooks.remove(id, by);
  });
  const endpoint = async (events: readonly WebhookEvent[] = ['case.opened']): Promise<WebhookEndpoint> => {
    const made: WebhookEndpoint = {
      id: `hook_${String(++number).padStart(6, '0')}`,
      url: 'https://hooks.example.com/a',
      description: '',
      events,
      disabledBecause: null,
      createdAt: Date.parse('2026-11-21T12:00:00Z'),
      createdBy: 'key_admin',
      formerSecretUntil: null,
    };
    await webhooks.add(made, 'whsec_b25l');
    return made;
  };
  const send = (event: WebhookEvent = 'case.opened', id = `evt_${++number}`) =>
    webhooks.enqueue([{ id, event, at: Date.parse('2026-11-21T12:00:00Z'), payload: { case_id: 'case_1' } }]);
  const take = (perEndpoint = 10) => webhooks.take({ limit: 100, perEndpoint, leaseMs: 60_000 });

  it('an endpoint comes back without its secret, and changes as it is told', async () => {
    const made = await endpoint();
    expect(await webhooks.endpoint(made.id)).toEqual(made);
    const changed = await webhooks.change(made.id, { description: 'new', disabledBecause: 'by_hand' }, by);
    expect(changed).toEqual({ ...made, description: 'new', disabledBecause: 'by_hand' });
    expect((await webhooks.change(made.id, { disabledBecause: null }, by))?.disabledBecause).toBeNull();
    expect(await webhooks.change('hook_none', {}, by)).toBeUndefined();
    expect(await webhooks.remove(made.id, by)).toBe(true);
    expect(await webhooks.remove(made.id, by)).toBe(false);
  });

  it('a message goes once to each enabled endpoint that asked for its event', async () => {
    const [one, two] = [await endpoint(), await endpoint(['ring.detected'])];
    const off = await endpoint();
    await webhooks.change(off.id, { disabledBecause: 'by_hand' }, by);
    await send('case.opened', 'evt_same');
    await send('case.opened', 'evt_same');
    await send('ring.detected', 'evt_ring');
    const taken = await take();
    expect(taken.map(({ delivery }) => [delivery.endpointId, delivery.messageId]).sort()).toEqual(
      [
        [one.id, 'evt_same'],
        [two.id, 'evt_ring'],
      ].sort(),
    );
    expect(taken[0]).toMatchObject({
      secrets: ['whsec_b25l'],
      delivery: { attempts: 1, payload: { case_id: 'case_1' } },
    });
    expect(await take()).toEqual([]);
  });

  it('only so many of one endpoint are on their way at the same time', async () => {
    const [slow, quick] = [await endpoint(), await endpoint(['ring.detected'])];
    for (let i = 0; i < 5; i++) await send();
    await send('ring.detected');
    const taken = await take(2);
    expect(taken.filter(({ delivery }) => delivery.endpointId === slow.id)).toHaveLength(2);
    expect(taken.filter(({ delivery }) => delivery.endpointId === quick.id)).toHaveLength(1);
    expect(await take(2)).toEqual([]);
    await webhooks.finish(taken[0]?.delivery.id ?? '', { isDelivered: true, status: 200, error: null }, null);
    expect((await take(2)).length).toBeLessThanOrEqual(1);
  });

  it('what failed is tried again at its time under the same id; then it is over, and by hand it is due at once', async () => {
    const { id } = await endpoint();
    await send();
    const [first] = await take();
    const key = first?.delivery.id ?? '';
    await webhooks.finish(key, { isDelivered: false, status: 500, error: 'status' }, Date.now() - 1);
    const [second] = await take();
    expect(second?.delivery).toMatchObject({
      id: key,
      messageId: first?.delivery.messageId,
      attempts: 2,
      lastStatus: 500,
    });
    await webhooks.finish(key, { isDelivered: false, status: null, error: 'timeout' }, Date.now() + 60_000);
    expect(await take()).toEqual([]);
    await webhooks.finish(key, { isDelivered: false, status: null, error: 'timeout' }, null);
    expect(await webhooks.deliveries({ endpointId: id, state: 'failed', limit: 5 })).toMatchObject([
      { id: key, lastError: 'timeout', nextAttemptAt: null },
    ]);
    expect(await webhooks.retry(key, { ...by, now: Date.now() - 1 })).toMatchObject({
      state: 'pending',
      finishedAt: null,
    });
    expect((await take())[0]?.delivery.id).toBe(key);
    expect(await webhooks.retry('msg_none', by)).toBeUndefined();
  });

  it('a disabled endpoint is sent nothing, and is disabled once', async () => {
    const { id } = await endpoint();
    await send();
    expect(await webhooks.disable(id, 'unreachable', Date.now())).toBe(true);
    expect(await webhooks.disable(id, 'unreachable', Date.now())).toBe(false);
    expect(await take()).toEqual([]);
    expect((await webhooks.endpoint(id))?.disabledBecause).toBe('unreachable');
  });

  it('a former secret signs beside the new one until its time is over', async () => {
    const { id } = await endpoint();
    await webhooks.rotate(id, { secret: 'whsec_dHdv', formerUntil: Date.now() + 60_000 }, by);
    await send();
    expect((await take())[0]?.secrets).toEqual(['whsec_dHdv', 'whsec_b25l']);
    await webhooks.rotate(id, { secret: 'whsec_dGhyZWU', formerUntil: Date.now() - 60_000 }, by);
    await send();
    expect((await take())[0]?.secrets).toEqual(['whsec_dGhyZWU']);
  });

  it('deliveries are listed newest first, page by page, and forgotten when they are old', async () => {
    const { id } = await endpoint();
    for (let i = 0; i < 3; i++) await send();
    const first = await webhooks.deliveries({ endpointId: id, limit: 2 });
    const rest = await webhooks.deliveries({ endpointId: id, limit: 2, before: first[1]?.id });
    const ids = [...first, ...rest].map((one) => one.id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(new Set(ids).size).toBe(3);
    for (const key of ids) await webhooks.finish(key, { isDelivered: true, status: 204, error: null }, null);
    expect(await webhooks.forget(-1000)).toBe(3);
  });
}
