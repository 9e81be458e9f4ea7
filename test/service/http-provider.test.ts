import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpProvider } from '../../src/adapters/verification/http-provider.js';
import { startFakeProvider } from '../support/fake-provider.js';

const request = { requestId: 'case_1_1_phone', accountId: 'a1', caseId: 'case_1', method: 'phone' } as const;

describe('the HTTP verification provider', () => {
  let server: Awaited<ReturnType<typeof startFakeProvider>>;
  const ask = async (status: number, text: string, timeoutMs?: number) => {
    server = await startFakeProvider(() => ({ status, text }));
    return createHttpProvider({ url: server.url, secret: 'sixteen characters', timeoutMs }).verify(request);
  };
  afterEach(() => server.stop());

  it.each(['passed', 'failed', 'pending'])('understands %s', async (result) => {
    expect(await ask(200, JSON.stringify({ result, note: 'more' }))).toBe(result);
  });

  it.each([
    ['an error status', 500, '{"result":"passed"}', '500'],
    ['text that is not JSON', 200, 'passed', 'did not answer'],
    ['another result', 200, '{"result":"maybe"}', 'did not answer'],
    ['nothing', 200, '', 'did not answer'],
    ['an answer without end', 200, `{"result":"passed","x":"${'x'.repeat(20_000)}"}`, 'more than 16384 bytes'],
  ])('takes %s for no answer', async (_what, status, text, message) => {
    await expect(ask(status, text)).rejects.toThrow(message);
  });

  it('follows no redirect', async () => {
    await expect(ask(302, '')).rejects.toThrow();
    expect(server.calls).toHaveLength(1);
  });
});
