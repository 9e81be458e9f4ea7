import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { startMailServer } from '../support/mail-server.js';
import { anEvent, aSignup, type Service, startService } from '../support/service.js';
import { planRule, trialRules } from '../support/trial-rules.js';

const rules = {
  ...trialRules,
  'mail.yml': `rules:${planRule('mail', 'hold', '\n    verify: [email]')}`,
};

let service: Service;
let browser: Browser;
let mail: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  mail = await startMailServer();
  const env = { SMTP_URL: mail.url, MAIL_FROM: 'Example <no-reply@example.com>', LOG_LEVEL: 'debug' };
  [service, browser] = await Promise.all([startService({ rules, env }), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
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
    expect((await service.gate({ accountId: 'acct_wrong' })).headers['x-risk-state']).toBe('held');
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
});
