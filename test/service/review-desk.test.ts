import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { aSignup, type Service, startService } from '../support/service.js';

let service: Service;
beforeAll(async () => {
  service = await startService();
}, 120_000);
afterAll(() => service?.remove());

const post = async (path: string, body?: object, headers: Record<string, string> = {}) => {
  const answered = await service.call('POST', path, { headers, ...(body === undefined ? {} : { body }) });
  return { status: answered.status, ...answered.body };
};
const get = async (path: string) => (await service.call('GET', path)).body;

describe('the history of an account', () => {
  it('shows what people did to it, also where it had no case', async () => {
    await service.evaluate(aSignup('by_hand', 'free'));
    await post('/v1/accounts/by_hand/deny', { reason: 'seen at the door' });
    await post('/v1/accounts/by_hand/release', { reason: 'it was another' });
    const { history } = await get('/v1/accounts/by_hand');
    const manual = history.filter(({ kind }: { kind: string }) => kind.startsWith('account_'));
    expect(manual).toMatchObject([
      {
        kind: 'account_released',
        actor: 'bootstrap',
        at: expect.any(String),
        detail: { reason: 'it was another', from: 'denied', to: 'admitted' },
      },
      { kind: 'account_denied', detail: { reason: 'seen at the door', from: 'admitted', to: 'denied' } },
    ]);
  });
});

describe('a claim that nobody keeps alive', () => {
  it('is over for whoever reads, at its time', async () => {
    const { case_id } = await service.evaluate(aSignup('lapsing', 'hold'));
    expect(await post(`/v1/cases/${case_id}/claim?lease_s=1`)).toMatchObject({ case: { state: 'claimed' } });
    const rows = async (query: string) =>
      (await get(`/v1/cases?${query}&q=lapsing`)).data.map(({ id }: { id: string }) => id);
    expect(await rows('view=mine')).toEqual([case_id]);
    await eventually(async () => (await rows('state=open')).length === 1);
    expect(await rows('view=unclaimed')).toEqual([case_id]);
    expect(await rows('view=mine')).toEqual([]);
    expect(await get(`/v1/cases/${case_id}`)).toMatchObject({ state: 'open', claimed_by: null, lease_until: null });
    const noted = await post('/v1/accounts/lapsing/verifications', { method: 'phone', result: 'failed' });
    expect(noted.case).toMatchObject({ id: case_id, state: 'open', lease_until: null });
  });
});

describe('the queue over HTTP', () => {
  it('finds a country however it is written', async () => {
    const rows = async (country: string) =>
      (await get(`/v1/cases?country=${country}`)).data.map(({ account_id }: { account_id: string }) => account_id);
    await service.evaluate(aSignup('by_country', 'hold', { ip: '8.8.8.8' }));
    expect(await rows('US')).toContain('by_country');
    expect(await rows('us')).toEqual(await rows('US'));
  });

  it('assigns to no key that could not be given the case', async () => {
    const { case_id } = await service.evaluate(aSignup('for_seniors', 'hold'));
    const reviewer = await post('/v1/keys', { role: 'reviewer', name: 'a reviewer' });
    const senior = await post('/v1/keys', { role: 'senior', name: 'a senior' });
    await post(`/v1/cases/${case_id}/escalate`, { reason: 'contradictions' });
    const refused = await post(`/v1/cases/${case_id}/assign`, { to: reviewer.id });
    expect(refused).toMatchObject({ status: 422, errors: [{ pointer: '/to' }] });
    expect(await post(`/v1/cases/${case_id}/assign`, { to: senior.id })).toMatchObject({ assigned_to: senior.id });
  });
});

describe('the console', () => {
  it('answers for a file that is not there as the API does, and with its page for every other path', async () => {
    for (const path of ['missing.js', 'assets/missing.css', 'queue/favicon.ico', 'config.json']) {
      const missing = await service.call('GET', `/console/${path}`);
      expect([path, missing.status, missing.body.code]).toEqual([path, 404, 'not_found']);
      expect(missing.headers['content-type']).toContain('application/problem+json');
    }
    for (const path of ['', 'queue', 'cases/case_1', 'rules/some.rule', 'index.html']) {
      const page = await service.call('GET', `/console/${path}`);
      expect([path, page.status, page.headers['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8']);
    }
  });
});
