import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createWebhookSender } from '../../src/adapters/webhooks/send-webhook.js';
import { parseIpAddress } from '../../src/model/ip-address.js';
import { isPublicAddress } from '../../src/outbox/public-address.js';
import type { TakenDelivery } from '../../src/outbox/webhooks.js';
import { startReceiver } from '../support/webhook-receiver.js';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
const taken = (url: string, payload: Readonly<Record<string, unknown>> = { case_id: 'case_1' }): TakenDelivery => ({
  url,
  secrets: [secret],
  delivery: {
    id: 'msg_1',
    endpointId: 'hook_1',
    messageId: 'evt_1',
    event: 'case.opened',
    state: 'pending',
    attempts: 1,
    nextAttemptAt: 0,
    lastStatus: null,
    lastError: null,
    createdAt: 0,
    finishedAt: null,
    payload,
  },
});

let inside: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  inside = await startReceiver();
});
afterAll(() => inside.close());

const addresses = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
];

describe('P18: webhooks never reach inside', () => {
  const sending = (resolve: (name: string) => Promise<readonly string[]>) =>
    createWebhookSender({ resolve, allowLoopback: false, timeoutMs: 2000 });
  const refused = { isDelivered: false, status: null, error: 'refused_address' };

  it.each(addresses)('by a name that leads to %s', async (address) => {
    const before = inside.connections();
    const send = sending(async () => [address]);
    expect(await send(taken(`https://hooks.example.com:${inside.port}/`), Date.now())).toEqual(refused);
    expect(inside.connections()).toBe(before);
  });

  it('by a name with one address outside and one inside, in either order', async () => {
    for (const found of [['8.8.8.8', '127.0.0.1'], ['::1', '2606:4700::1111'], []])
      expect(await sending(async () => found)(taken('https://hooks.example.com/'), Date.now())).toEqual(refused);
    expect(inside.connections()).toBe(0);
  });

  it('by a name that changes its mind: it is looked up once for each try, and that address is connected to', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    let looks = 0;
    const resolve = async () => answers[looks++] ?? ['10.0.0.1'];
    // In development this machine may be reached: what a second look would say does not matter.
    const send = createWebhookSender({ resolve, allowLoopback: true, timeoutMs: 2000 });
    const receiver = await startReceiver();
    try {
      const url = `http://hooks.example.com:${receiver.port}/`;
      expect(await send(taken(url), Date.now())).toMatchObject({ isDelivered: true });
      expect(receiver.received[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`);
      expect(looks).toBe(1);
      expect(await send(taken(url), Date.now())).toEqual(refused);
      expect([looks, receiver.connections()]).toEqual([2, 1]);
    } finally {
      await receiver.close();
    }
  });

  it.each([
    '127.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
  ])('by the spelling %s', async (host) => {
    const send = sending(async () => ['127.0.0.1']);
    expect(await send(taken(`https://${host}:${inside.port}/`), Date.now())).toEqual(refused);
    expect(inside.connections()).toBe(0);
  });

  it('in the clear', async () => {
    const send = sending(async () => ['93.184.215.14']);
    expect(await send(taken('http://hooks.example.com/'), Date.now())).toMatchObject({ error: 'refused_scheme' });
  });

  it('and the public internet is not inside', () => {
    for (const text of ['8.8.8.8', '93.184.215.14', '2606:4700::1111', '2a00:1450::1'])
      expect([text, isPublicAddress(parseIpAddress(text) ?? never())]).toEqual([text, true]);
  });
});

describe('a try', () => {
  const send = createWebhookSender({ resolve: async () => ['127.0.0.1'], allowLoopback: true, timeoutMs: 300 });

  it('is signed as the Standard Webhooks say, with each secret that is alive', async () => {
    const receiver = await startReceiver();
    try {
      const both = { ...taken(receiver.url), secrets: [`whsec_${btoa('another')}`, secret] };
      expect(await send(both, Date.now())).toEqual({ isDelivered: true, status: 204, error: null });
      const { headers, body } = receiver.received[0] ?? never();
      expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
      const verified = new Webhook(secret).verify(body, {
        'webhook-id': String(headers['webhook-id']),
        'webhook-timestamp': String(headers['webhook-timestamp']),
        'webhook-signature': String(headers['webhook-signature']),
      });
      expect(verified).toEqual({
        type: 'case.opened',
        timestamp: '1970-01-01T00:00:00.000Z',
        data: { case_id: 'case_1' },
      });
      expect(headers['webhook-id']).toBe('evt_1');
    } finally {
      await receiver.close();
    }
  });

  it('follows no redirect', async () => {
    const receiver = await startReceiver(() => 302);
    try {
      expect(await send(taken(receiver.url), Date.now())).toEqual({
        isDelivered: false,
        status: 302,
        error: 'redirect',
      });
      expect(receiver.received).toHaveLength(1);
    } finally {
      await receiver.close();
    }
  });

  it('ends in time, whether the receiver is silent or the name is', async () => {
    const receiver = await startReceiver(() => 0);
    try {
      expect(await send(taken(receiver.url), Date.now())).toMatchObject({ error: 'timeout' });
    } finally {
      await receiver.close();
    }
    const silent = createWebhookSender({
      resolve: () => new Promise(() => undefined),
      allowLoopback: false,
      timeoutMs: 50,
    });
    expect(await silent(taken('https://hooks.example.com/'), Date.now())).toMatchObject({ error: 'timeout' });
  });

  it('is not made for more than 64 KiB, nor to nowhere', async () => {
    expect(await send(taken('http://127.0.0.1:1/', { text: 'x'.repeat(65_536) }), 0)).toMatchObject({
      error: 'too_large',
    });
    expect(await send(taken('http://127.0.0.1:1/'), 0)).toMatchObject({ error: 'connection_refused' });
  });
});

function never(): never {
  throw new Error('it is there');
}
