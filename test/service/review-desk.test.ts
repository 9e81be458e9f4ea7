import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
