import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminKey, type Service, startService } from '../support/service.js';

describe('a session of a browser', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  }, 120_000);
  afterAll(() => service.remove());

  const withCookie = (method: string, path: string, cookie: string, body?: object) =>
    fetch(`${service.url}${path}`, {
      method,
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const signIn = async (): Promise<string> => {
    const answer = await withCookie('POST', '/v1/session', '', { key: adminKey });
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  };

  it('is good for nothing once its browser has signed out, also for who kept its cookie; others go on', async () => {
    const [cookie, other] = [await signIn(), await signIn()];
    expect((await withCookie('GET', '/v1/keys', cookie)).status).toBe(200);
    expect((await withCookie('DELETE', '/v1/session', cookie)).status).toBe(204);
    expect((await withCookie('GET', '/v1/keys', cookie)).status).toBe(401);
    expect((await withCookie('GET', '/v1/keys', other)).status).toBe(200);
    expect((await withCookie('DELETE', '/v1/session', cookie)).status).toBe(204);
    await service.kill();
    await service.start();
    expect((await withCookie('GET', '/v1/keys', cookie)).status).toBe(401);
    expect((await withCookie('GET', '/v1/keys', other)).status).toBe(200);
  }, 120_000);
});
