import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createConsoleMount } from '../../src/http/console/console-mount.js';
import { startHttp } from '../support/http-fixture.js';

let api: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  const body = Buffer.from('<!doctype html>');
  const page = { type: 'text/html', body, gzipped: body };
  api = await startHttp({ mounts: { '/console': createConsoleMount(new Map([['index.html', page]])) } });
}, 60_000);
afterAll(() => api?.close());

it.each(['/console/', '/console/queue'])('the console says which methods it takes at %s', async (path) => {
  const options = await api.send('OPTIONS', path);
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  const posted = await api.send('POST', path);
  expect(posted).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } });
  expect(posted.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  expect((await api.send('GET', path)).status).toBe(200);
});

it('the console has no file that was not built, whatever it takes', async () => {
  expect((await api.send('GET', '/console/missing.js')).status).toBe(404);
});
