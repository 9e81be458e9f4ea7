import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttp } from '../support/http-fixture.js';

type Api = Awaited<ReturnType<typeof startHttp>>;

const drainMs = 600;
let api: Api;
let gatewayKey: string;
beforeEach(async () => {
  api = await startHttp();
  gatewayKey = (await api.services.serviceKeys.create('gateway', 'test', 'bootstrap')).secret;
});
afterEach(() => api.close());

interface Came {
  readonly status?: number;
  readonly connection?: string | undefined;
  /** `again`: on a connection that had served before. */
  readonly failure?: 'at first' | 'again';
}

/** What a request comes to: the status and the header `Connection`, or that it failed. */
function ask(path: string, agent: Agent): Promise<Came> {
  return new Promise((resolve) => {
    const sent = request(`${api.base}${path}`, {
      agent,
      headers: { authorization: `Bearer ${gatewayKey}`, 'x-account-id': 'acct_admitted' },
    });
    sent.on('error', () => resolve({ failure: sent.reusedSocket ? 'again' : 'at first' }));
    sent.on('response', (response: IncomingMessage) => {
      const { statusCode, headers } = response;
      response.resume().once('end', () => resolve({ status: statusCode ?? 0, connection: headers.connection }));
    });
    sent.end();
  });
}

/** A gateway with one connection, that asks until it cannot. */
async function askOnAndOn(): Promise<{ failure: string; forMs: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const startedAt = performance.now();
  for (;;) {
    const { failure } = await ask('/v1/gate/check', agent);
    if (failure !== undefined) return { failure, forMs: performance.now() - startedAt };
    await sleep(5);
  }
}

describe('a server that is to end', () => {
  it('answers whatever is sent on connections that it has, until nobody can make one any more', async () => {
    const gateways = Array.from({ length: 50 }, askOnAndOn);
    await sleep(300);
    const signalledAt = performance.now();
    await api.close(drainMs);
    expect(performance.now() - signalledAt).toBeGreaterThanOrEqual(drainMs - 1);
    const ends = await Promise.all(gateways);
    expect(new Set(ends.map(({ failure }) => failure))).toEqual(new Set(['at first']));
    expect(Math.min(...ends.map(({ forMs }) => forMs))).toBeGreaterThanOrEqual(drainMs);
  });

  it('tells probes at once, and clients to connect elsewhere', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await ask('/readyz', agent)).toEqual({ status: 200, connection: 'keep-alive' });
    const closing = api.close(drainMs);
    expect(await ask('/readyz', agent)).toEqual({ status: 503, connection: 'close' });
    expect(await ask('/v1/gate/check', agent)).toMatchObject({ connection: 'close' });
    expect(await ask('/no/such/path', agent)).toEqual({ status: 404, connection: 'close' });
    await closing;
  });

  it('closes connections without a request when that is over, and ends with the last of them', async () => {
    const { hostname, port } = new URL(api.base);
    const idle = connect(Number(port), hostname);
    await once(idle, 'connect');
    const closed = once(idle.resume(), 'close').then(() => performance.now());
    const signalledAt = performance.now();
    await api.close(drainMs);
    expect((await closed) - signalledAt).toBeGreaterThanOrEqual(drainMs - 1);
  });

  it('ends at once where nobody is connected', async () => {
    const signalledAt = performance.now();
    await api.close(60_000);
    expect(performance.now() - signalledAt).toBeLessThan(5000);
  });
});
