import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Admission } from '../../src/evaluate/admission.js';
import { exampleEvent } from '../../src/http/examples.js';
import type { HttpOptions } from '../../src/http/http-options.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { bootstrapKey, startHttp } from '../support/http-fixture.js';

const started: { close: () => Promise<void> }[] = [];
async function start(options: Partial<HttpOptions> = {}) {
  const api = await startHttp(options);
  started.push(api);
  return api;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((api) => api.close()));
});

const role = 'integration' as const;

/** Holds evaluations back until `open` is called. */
function closedGate() {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('too many evaluations at once', () => {
  it('are refused at once with Retry-After, and accepted ones are answered', async () => {
    const api = await start();
    const bounds = { maxInside: 3, maxReading: 10, maxReadingOfOne: 10 };
    api.services.admission = new Admission({ ...bounds, elapsed: () => performance.now() });
    const { gate, open } = closedGate();
    api.services.evaluator.gate = gate;
    const evaluate = (n: number) =>
      api.send('POST', '/v1/evaluations', { role, json: { ...exampleEvent, event_id: `evt_${n}` } });
    const accepted = [1, 2, 3].map(evaluate);
    await until(async () => (await api.services.metrics.text()).includes('portcullis_evaluations_in_flight 3'));
    const shed = await evaluate(4);
    expect(shed).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(shed.headers.get('retry-after')).toBe('1');
    const gateKey = { role: 'gateway' as const, headers: { 'x-account-id': 'acct_admitted' } };
    expect((await api.send('GET', '/v1/gate/check', gateKey)).status).toBe(200);
    open();
    expect((await Promise.all(accepted)).map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect((await evaluate(5)).status).toBe(200);
    expect(await api.services.metrics.text()).toContain('portcullis_requests_shed_total{route="/v1/evaluations"} 1');
  });
});

describe('bodies that come slowly', () => {
  it('keep nobody else from being decided', async () => {
    const api = await start();
    const { port } = api.server.address() as AddressInfo;
    // More than may be inside.
    const slow = Array.from({ length: 300 }, () => {
      const headers = {
        authorization: `Bearer ${bootstrapKey}`,
        'content-type': 'application/json',
        'content-length': 500,
      };
      const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/evaluations', headers });
      sent.on('error', () => undefined);
      sent.write('{"type":');
      return sent;
    });
    await until(() => api.services.admission.reading === 300);
    expect(api.services.admission.inside).toBe(0);
    expect((await api.send('POST', '/v1/evaluations', { role, json: exampleEvent })).status).toBe(200);
    for (const sent of slow) sent.destroy();
    await until(() => api.services.admission.reading === 0);
  });
});

describe('a fault behind the edge', () => {
  it('of a store is 503 with Retry-After; of the code 500 without its message', async () => {
    const api = await start();
    const reviewer = { role: 'reviewer' as const };
    api.services.decisions.byId = () => Promise.reject(new StoreUnavailable('pool exhausted'));
    const away = await api.send('GET', '/v1/decisions/dec_1', reviewer);
    expect(away).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(away.headers.get('retry-after')).toBe('1');
    api.services.decisions.byId = () => Promise.reject(new Error('secret li.wei@mail.example'));
    const broken = await api.send('GET', '/v1/decisions/dec_1', reviewer);
    expect(broken).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect(broken.text).not.toContain('secret');
    expect(api.lines.join('')).not.toContain('li.wei');
    const errors = api.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
    expect(errors.map(({ error }) => error.message)).toEqual(['pool exhausted', 'secret [redacted]']);
  });

  it('of the key store is 503 for keys it never saw', async () => {
    const api = await start();
    api.services.serviceKeys.mode = 'down';
    const reply = await api.send('GET', '/v1/rules', { role: 'author' });
    expect(reply.status).toBe(503);
  });

  it('of a mounted part is a problem too', async () => {
    const api = await start({
      mounts: {
        '/console': (request, response, next) => {
          if (request.url === '/broken') throw new Error('broken');
          if (request.url === '/page') response.end('a page');
          else next();
        },
      },
    });
    expect((await api.send('GET', '/console/page')).text).toBe('a page');
    expect((await api.send('GET', '/console/broken')).json.code).toBe('internal');
    expect((await api.send('GET', '/console/other')).json.code).toBe('not_found');
  });
});

it('requests and responses have the prototypes that the router wants before it sees them', async () => {
  const prototypes: unknown[] = [];
  const api = await start({
    mounts: {
      '/console': (request, response) => {
        prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
        response.end();
      },
    },
  });
  api.server.prependListener('request', (request, response) => {
    prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
  });
  await api.send('GET', '/console');
  const [request, response, routedRequest, routedResponse] = prototypes;
  expect(request === routedRequest).toBe(true);
  expect(response === routedResponse).toBe(true);
});

describe('closing', () => {
  it('answers what is in flight, and takes nothing new', async () => {
    const api = await start();
    const { gate, open } = closedGate();
    api.services.evaluator.gate = gate;
    const inFlight = api.send('POST', '/v1/evaluations', { role, json: exampleEvent });
    await until(async () => (await api.services.metrics.text()).includes('portcullis_evaluations_in_flight 1'));
    const closed = api.close();
    await expect(api.send('GET', '/livez')).rejects.toThrow();
    open();
    const reply = await inFlight;
    expect([reply.status, reply.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
  });

  it('cuts what does not finish by the deadline', async () => {
    const api = await start();
    api.services.evaluator.gate = new Promise<void>(() => undefined);
    const stuck = api.send('POST', '/v1/evaluations', { role, json: exampleEvent });
    stuck.catch(() => undefined);
    await until(async () => (await api.services.metrics.text()).includes('portcullis_evaluations_in_flight 1'));
    await api.close();
    await expect(stuck).rejects.toThrow();
  });
});
