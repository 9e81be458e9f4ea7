import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleEvent } from '../../src/http/examples.js';
import { startHttp } from '../support/http-fixture.js';

let api: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  api = await startHttp({ bodyTimeoutMs: 150, headersTimeoutMs: 400, requestTimeoutMs: 400 });
});
afterAll(() => api.close());

type Reply = Awaited<ReturnType<typeof api.send>>;
const role = 'integration' as const;
const json = { 'content-type': 'application/json' };
const post = (body: string | Uint8Array, headers: Record<string, string> = json): Promise<Reply> =>
  api.send('POST', '/v1/evaluations', { role, body, headers });

function expectProblem(reply: Reply, status: number, code: string): void {
  expect([reply.status, reply.json.code, reply.type]).toEqual([
    status,
    code,
    'application/problem+json; charset=utf-8',
  ]);
  expect(reply.json).toMatchObject({ status, title: expect.any(String), type: `urn:portcullis:problem:${code}` });
  expect(reply.json.request_id).toBe(reply.headers.get('x-request-id'));
  expect(reply.text).not.toMatch(/\bat .+:\d+|node_modules|<html/i);
}

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('a body that is no event', () => {
  it.each([
    ['nothing', '', 400, 'malformed_json'],
    ['broken JSON', '{"type":', 400, 'malformed_json'],
    ['JSON with a comment', '{} // hi', 400, 'malformed_json'],
    ['NaN', '{"a":NaN}', 400, 'malformed_json'],
    ['a repeated key', JSON.stringify(exampleEvent).replace('{', '{"ip":"192.0.2.1",'), 400, 'malformed_json'],
    ['null', 'null', 422, 'invalid'],
    ['an array', '[]', 422, 'invalid'],
    ['a string', '"x"', 422, 'invalid'],
    ['a prototype', '{"__proto__":{"admin":true}}', 422, 'invalid'],
    ['deep nesting', deep(9), 422, 'invalid'],
    ['very deep nesting', '['.repeat(60_000), 400, 'malformed_json'],
    ['very deep complete nesting', deep(9_000), 422, 'invalid'],
    ['an infinite number', JSON.stringify(exampleEvent).replace('0.92', '1e999'), 422, 'invalid'],
    ['a body of 64 KiB and a byte', JSON.stringify({ pad: 'x'.repeat(65_527) }), 413, 'too_large'],
    ['a big body', JSON.stringify({ pad: 'x'.repeat(5_000_000) }), 413, 'too_large'],
  ])('%s is a problem', async (_, body, status, code) => expectProblem(await post(body), status, code));

  it('names the key that stands twice, and neither of its values', async () => {
    const body = JSON.stringify(exampleEvent).replace('"device":{', '"device":{"\\u0066ingerprint":"fp_first",');
    const reply = await post(body);
    expect(reply.json).toMatchObject({
      code: 'malformed_json',
      detail: expect.stringContaining('/device/fingerprint'),
      errors: [{ pointer: '/device/fingerprint' }],
    });
    expect(reply.text).not.toContain('fp_');
  });

  it('may be exactly 64 KiB', async () => {
    const body = JSON.stringify({ pad: 'x'.repeat(65_526) });
    expect(Buffer.byteLength(body)).toBe(65_536);
    expectProblem(await post(body), 422, 'invalid');
  });

  it('is refused when it is not UTF-8', async () => {
    expectProblem(await post(new Uint8Array([0x22, 0xff, 0xfe, 0x22])), 400, 'malformed_json');
  });

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'application/jsonp' }],
    [{ 'content-type': 'application/json; charset=utf-16' }],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ])('is refused as %j', async (headers) => {
    expectProblem(await post(JSON.stringify(exampleEvent), headers), 415, 'unsupported_media_type');
  });

  it('never comes back, nor does a card number reach the log', async () => {
    const reply = await post(JSON.stringify({ ...exampleEvent, custom: { note: '4111 1111 1111 1111' } }));
    expectProblem(reply, 422, 'card_number_rejected');
    expect(reply.json.errors).toMatchObject([{ pointer: '/custom/note' }]);
    expect(reply.text + api.lines.join('')).not.toMatch(/4111.?1111/);
  });

  it('is answered whatever JSON it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 12 }), async (body) => (await post(body)).status === 422),
      { numRuns: 200 },
    );
  });

  it('is answered whatever bytes it is', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => [400, 422].includes((await post(Uint8Array.from(body))).status)),
      { numRuns: 200 },
    );
  });
});

describe('a path or header that is none', () => {
  it.each([
    ['GET', '/nowhere', 404, 'not_found'],
    ['GET', '/v1/nowhere', 404, 'not_found'],
    ['BREW', '/livez', 400, 'malformed_request'],
    ['PATCH', '/v1/evaluations', 405, 'method_not_allowed'],
    ['GET', '/v1/evaluations', 405, 'method_not_allowed'],
    ['POST', '/docs', 405, 'method_not_allowed'],
    ['GET', '/v1/decisions/%E0%A4%A', 400, 'malformed_request'],
    ['GET', '/v1/decisions/%ff', 400, 'malformed_request'],
  ])('%s %s is %i %s', async (method, path, status, code) => {
    if (method === 'BREW') {
      const answer = await api.raw(`BREW ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      expect(answer).toContain(`HTTP/1.1 ${status}`);
      expect(answer).toContain(`"code":"${code}"`);
    } else expectProblem(await api.send(method, path, { role: 'admin' }), status, code);
  });

  it.each([`/v1/decisions/${'a'.repeat(300)}`, '/v1/decisions/a%00b', '/v1/accounts/%2e%2e%2fetc'])(
    '%s is not found',
    async (path) => expectProblem(await api.send('GET', path, { role: 'reviewer' }), 404, 'not_found'),
  );

  it.each(['?limit=x&account_id=a', '?account_id=a&nonsense=1', '?account_id[]=a', '?__proto__=a'])(
    'the query %s is invalid',
    async (query) =>
      expectProblem(await api.send('GET', `/v1/decisions${query}`, { role: 'reviewer' }), 422, 'invalid'),
  );

  it('a key that is none is 401, and says how to send one', async () => {
    for (const key of ['', 'x', 'pk_integration_99999999', 'pk_'.repeat(3000), "pk_' or 1=1 --"]) {
      const reply = await api.send('GET', '/v1/rules', { headers: { authorization: `Bearer ${key}` } });
      expectProblem(reply, 401, 'unauthenticated');
      expect(reply.headers.get('www-authenticate')).toContain('Bearer');
    }
  });
});

describe('what is not HTTP', () => {
  const host = 'Host: x\r\n';
  const keyed = `${host}Authorization: Bearer pk_integration_00000001\r\nContent-Type: application/json\r\n`;
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['an old version', 'GET / HTTP/9.9\r\n\r\n', 400],
    ['huge headers', `GET /livez HTTP/1.1\r\n${host}X-Pad: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ['a huge request line', `GET /${'x'.repeat(40_000)} HTTP/1.1\r\n${host}\r\n`, 431],
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two lengths', `POST /v1/evaluations HTTP/1.1\r\n${keyed}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`, 400],
    [
      'a length and chunks',
      `POST /v1/evaluations HTTP/1.1\r\n${keyed}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a chunk that is none', `POST /v1/evaluations HTTP/1.1\r\n${keyed}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['a negative length', `POST /v1/evaluations HTTP/1.1\r\n${keyed}Content-Length: -1\r\n\r\n`, 400],
    ['a tunnel', `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`, 405],
    ['a length that lies', `POST /v1/evaluations HTTP/1.1\r\n${keyed}Content-Length: 100\r\n\r\n{}`, 408],
    [
      'chunks that never end',
      `POST /v1/evaluations HTTP/1.1\r\n${keyed}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`,
      408,
    ],
    ['headers that never end', `GET /livez HTTP/1.1\r\n${host}X-Slow: `, 408],
  ])('%s is answered with a problem', async (_, text, status) => {
    const answer = await api.raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"status":${status}`);
  });

  it('an expectation that nobody knows is ignored', async () => {
    const answer = await api.raw(`GET /livez HTTP/1.1\r\n${host}Expect: a-miracle\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('whoever asks before sending a body is told to send one that is read, and none that is refused unread', async () => {
    const asks = (headers: string, body = '') =>
      api.raw(`POST /v1/evaluations HTTP/1.1\r\n${headers}Expect: 100-continue\r\n\r\n${body}`);
    expect(await asks(`${keyed}Content-Length: 900000\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await asks(`${host}Content-Length: 2\r\n`)).toMatch(/^HTTP\/1\.1 401 /);
    const read = await asks(`${keyed}Connection: close\r\nContent-Length: 2\r\n`, '{}');
    expect(read).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 422 /);
  });

  it('a caller that goes away midway leaves nothing behind', async () => {
    const aborted = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{'));
        setTimeout(() => aborted.abort(), 20);
      },
    });
    const sent = { method: 'POST', body, duplex: 'half' as const, signal: aborted.signal };
    const headers = { ...json, authorization: 'Bearer pk_integration_00000001' };
    await expect(fetch(`${api.base}/v1/evaluations`, { ...sent, headers })).rejects.toThrow();
    expect((await api.send('GET', '/livez')).status).toBe(200);
  });
});

it('nothing of all that was a fault of the service', () => {
  expect(api.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
