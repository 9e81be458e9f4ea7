import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../src/verification/callback-signature.js';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { startFakeProvider } from '../support/fake-provider.js';
import { startMailServer } from '../support/mail-server.js';
import { anEvent, aSignup, type Service, startService } from '../support/service.js';
import { planRule, trialRules } from '../support/trial-rules.js';

const callbackSecret = 'a secret for callbacks';

const rules = {
  ...trialRules,
  'mail.yml': `rules:${planRule('mail', 'hold', '\n    verify: [email]')}${planRule('limit2', 'hold', '\n    verify: [phone]')}`,
};

let service: Service;
let browser: Browser;
let provider: Awaited<ReturnType<typeof startFakeProvider>>;
let mail: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  mail = await startMailServer();
  const url = 'https://checks.example/go?a=1&b="2"';
  provider = await startFakeProvider(() => ({ status: 200, text: JSON.stringify({ result: 'pending', url }) }));
  const env = {
    SMTP_URL: mail.url,
    MAIL_FROM: 'Example <no-reply@example.com>',
    LOG_LEVEL: 'debug',
    VERIFICATION_PROVIDERS: `phone=${provider.url}`,
    VERIFICATION_CALLBACK_SECRET: callbackSecret,
    WEBHOOK_LOOPBACK: 'allow',
  };
  [service, browser] = await Promise.all([startService({ rules, env }), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
  await provider?.stop();
  await mail?.stop();
});

const linkOf = async (accountId: string): Promise<string> => {
  const { body } = await service.call('POST', `/v1/accounts/${accountId}/verification-link`);
  return body.url;
};

const heldSignup = async (accountId: string, plan: string, address: string): Promise<string> => {
  const decision = await service.evaluate(aSignup(accountId, plan, { email: { address } }));
  expect(decision.access.state).toBe('held');
  return linkOf(accountId);
};

const codeOf = (accountMail: string): string => {
  const found = mail.received.findLast(({ to }) => to[0] === accountMail);
  return /code is (\d{6})/.exec(found?.text ?? '')?.[1] ?? '';
};

describe('the page for held people', () => {
  it('lets a held person in by the code that came by mail, through the gate', async () => {
    const page = await browser.newPage();
    await page.goto(await heldSignup('acct_mail', 'mail', 'li.wei@mail.example'));
    await page.getByRole('heading', { name: 'Please verify your account' }).waitFor();
    expect(await page.getByText('l•••@m•••.example').count()).toBe(1);
    expect((await service.gate({ accountId: 'acct_mail' })).status).toBe(403);
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByText('The code is on its way.').waitFor();
    expect(mail.received.at(-1)).toMatchObject({ from: 'no-reply@example.com', to: ['li.wei@mail.example'] });
    const wrong = codeOf('li.wei@mail.example') === '000000' ? '111111' : '000000';
    await page.getByLabel('Code from the e-mail').fill(wrong);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('That is not the code.').waitFor();
    await page.getByLabel('Code from the e-mail').fill(codeOf('li.wei@mail.example'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your account is open' }).waitFor();
    expect((await service.gate({ accountId: 'acct_mail' })).status).toBe(200);
    // Neither the address nor the code is in the log.
    expect(service.output).not.toMatch(/li\.wei/);
    expect(service.output).not.toContain(codeOf('li.wei@mail.example'));
  }, 60_000);

  it('is clean for axe in both themes and needs no scrolling sideways at 200 %', async () => {
    const held = await heldSignup('acct_axe', 'hold', 'axe@mail.example');
    const denied = await service.evaluate(aSignup('acct_denied', 'deny', { email: { address: 'no@mail.example' } }));
    expect(denied.access.state).toBe('denied');
    const links = [held, await linkOf('acct_denied'), `${service.url}/verify/nothing`];
    for (const theme of ['light', 'dark'] as const) {
      // 640 points are what a screen of 1280 has left at 200 %.
      const page = await browser.newPage({ theme, width: 640, height: 400 });
      for (const link of links) {
        await page.goto(link);
        expect(await axeFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
    }
  }, 60_000);

  it('takes an appeal to another person than who denied the account', async () => {
    await service.evaluate(anEvent('acct_wrong', { email: { address: 'wrong@mail.example' } }));
    const keys = await Promise.all(
      ['one', 'two'].map((name) => service.call('POST', '/v1/keys', { body: { role: 'reviewer', name } })),
    );
    const [first, second] = keys.map(({ body }) => ({ authorization: `Bearer ${body.secret}` }));
    await service.call('POST', '/v1/accounts/acct_wrong/deny', {
      body: { reason: 'looked odd' },
      headers: first ?? {},
    });
    const page = await browser.newPage();
    await page.goto(await linkOf('acct_wrong'));
    await page.getByLabel('What should we know?').fill('<script>alert(1)</script> I share an office.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you, your message has arrived.').waitFor();
    const { body } = await service.call('GET', '/v1/cases?account_id=acct_wrong');
    const [found] = body.data;
    expect(found).toMatchObject({ reason: 'manual.appeal', state: 'open' });
    await eventually(async () => (await service.gate({ accountId: 'acct_wrong' })).headers['x-risk-state'] === 'held');
    const claim = (headers: Record<string, string> | undefined) =>
      service.call('POST', `/v1/cases/${found.id}/claim`, { headers: headers ?? {} });
    expect((await claim(first)).status).toBe(403);
    const claimed = await claim(second);
    expect(claimed.status).toBe(200);
    const detail = await service.call('GET', `/v1/cases/${found.id}`, { headers: second ?? {} });
    const { appeal_id } = detail.body.timeline[0].detail;
    const appeal = await service.call('GET', `/v1/appeals/${appeal_id}`, { headers: second ?? {} });
    expect(appeal.body.message).toContain('<script>');
    const decision = { claim_token: claimed.body.claim_token, decision: 'approve', reason: 'an office indeed' };
    await service.call('POST', `/v1/cases/${found.id}/decisions`, { body: decision, headers: second ?? {} });
    const again = await service.call('POST', '/v1/appeals', { body: { account_id: 'acct_wrong', message: 'Again' } });
    expect(again.status).toBe(409);
  }, 60_000);

  it('sends the person on to a provider, whose signed callback counts once', async () => {
    const link = await heldSignup('acct_phone', 'hold', 'phone@mail.example');
    const asked = async () => provider.calls.find(({ body }) => body.account_id === 'acct_phone');
    const requestId = String((await eventually(asked)).body.request_id);
    expect(new Set(provider.calls.map(({ body }) => body.method))).toEqual(new Set(['phone']));
    const page = await browser.newPage();
    const offered = async () => {
      await page.waitForTimeout(300);
      await page.goto(link);
      return (await page.getByRole('link', { name: 'Go on to this step' }).count()) === 1 || undefined;
    };
    await eventually(offered);
    expect(await page.getByRole('link').getAttribute('href')).toBe('https://checks.example/go?a=1&b="2"');
    const answer = { request_id: requestId, result: 'passed', evidence: { phone: '+15551230001' } };
    expect((await callBack(answer, { secret: 'another secret of sixteen' })).status).toBe(401);
    expect((await callBack(answer, { ageMs: 301_000 })).status).toBe(401);
    expect((await callBack({ ...answer, request_id: requestId.replace('_phone', '_document') })).body).toEqual({
      recorded: false,
    });
    expect((await callBack(answer)).body).toEqual({ recorded: true });
    expect((await callBack(answer)).body).toEqual({ recorded: false });
    await page.reload();
    await page.getByRole('heading', { name: /Phone.*Done/ }).waitFor();
    expect((await service.gate({ accountId: 'acct_phone' })).status).toBe(403);
  }, 60_000);

  it('takes the link away once the check failed there, and says that another try follows', async () => {
    const link = await heldSignup('acct_retry', 'limit2', 'retry@mail.example');
    const asked = async () => provider.calls.find(({ body }) => body.account_id === 'acct_retry');
    const requestId = String((await eventually(asked)).body.request_id);
    const page = await browser.newPage();
    const offered = async () => {
      await page.waitForTimeout(300);
      await page.goto(link);
      return (await page.getByRole('link', { name: 'Go on to this step' }).count()) === 1 || undefined;
    };
    await eventually(offered);
    expect((await callBack({ request_id: requestId, result: 'failed' })).body).toEqual({ recorded: true });
    await page.reload();
    await page.getByRole('heading', { name: /Phone.*you can try again/ }).waitFor();
    expect(await page.getByRole('link').count()).toBe(0);
    const next = await callBack({ request_id: `${requestId}.2`, result: 'passed' });
    expect(next.body).toEqual({ recorded: true });
    await page.reload();
    await page.getByRole('heading', { name: 'Your account is open' }).waitFor();
  }, 60_000);

  it('is named by verification.requested', async () => {
    const hook = { url: `${provider.url}hook`, events: ['verification.requested'] };
    expect((await service.call('POST', '/v1/webhook-endpoints', { body: hook })).status).toBe(201);
    await heldSignup('acct_asked', 'limit2', 'asked@mail.example');
    const { body } = await service.call('GET', '/v1/cases?account_id=acct_asked');
    const path = `/v1/cases/${body.data[0].id}`;
    const { claim_token } = (await service.call('POST', `${path}/claim`)).body;
    const decision = { claim_token, decision: 'request_verification', reason: 'call them' };
    await service.call('POST', `${path}/decisions`, { body: decision });
    const told = await eventually(async () =>
      provider.calls.find((call) => call.body.type === 'verification.requested'),
    );
    expect(told.body.data).toMatchObject({ account_id: 'acct_asked', methods: ['phone'] });
    const { url } = Object(told.body.data);
    expect(await (await fetch(url)).text()).toContain('Please verify your account');
  }, 60_000);

  it('takes one phone for few accounts only', async () => {
    const results: string[] = [];
    for (let n = 1; n <= 6; n++) {
      const account = `acct_farm_${n}`;
      await heldSignup(account, 'limit2', `farm${n}@mail.example`);
      const body = { method: 'phone', result: 'passed', evidence: { phone: '+15551239999' } };
      const { body: changed } = await service.call('POST', `/v1/accounts/${account}/verifications`, { body });
      results.push(changed.access.state);
    }
    expect(results).toEqual(['admitted', 'admitted', 'admitted', 'admitted', 'held', 'held']);
    const { body } = await service.call('GET', '/v1/cases?account_id=acct_farm_6');
    const detail = await service.call('GET', `/v1/cases/${body.data[0].id}`);
    expect(detail.body.timeline.at(-1)).toMatchObject({ kind: 'verification_failed', detail: { shared_by: 5 } });
  }, 60_000);
});

interface CallBack {
  readonly secret?: string;
  readonly ageMs?: number;
}

function callBack(body: object, { secret = callbackSecret, ageMs = 0 }: CallBack = {}) {
  const [id, timestamp] = ['msg_1', String(Math.floor((Date.now() - ageMs) / 1000))];
  const signature = signatureOf(secret, { id, timestamp, text: JSON.stringify(body) });
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,bm8= ${signature}` };
  return service.call('POST', '/v1/verification-callbacks', { body, headers });
}
