import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { openConsole } from '../support/console-page.js';
import { anEvent, type Service, startService, trialRules } from '../support/service.js';

/** Turns around how what follows is read: `exe.png` where `gnp.exe` stands. */
const turned = '\u202Egnp.exe evil';
const long = `${'Sehr lange Firma '.repeat(25)}Ende`;

const titled = `rules:
  - id: trial-named
    family: identity
    on: [signup]
    when: account.plan == "named"
    points: 90
    at_least: hold
    reason: identity.trial
    title: "Organization {account.organization} signs up"
    owner: trial
`;
const ringOfTwo = `links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 20, ttl: 180d }
`;

let service: Service;
let browser: Browser;
beforeAll(async () => {
  const rules = { ...trialRules, 'named.yml': titled, 'links.yml': ringOfTwo };
  [service, browser] = await Promise.all([startService({ rules }), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

async function openCase(account: string, organization: string): Promise<Page> {
  const event = anEvent(account, { account: { plan: 'named', organization }, event_id: `evt_${organization.length}` });
  const { case_id } = await service.evaluate(event);
  const page = await openConsole(browser, service, { path: `/cases/${case_id}` });
  await page.getByRole('heading', { name: 'Why' }).waitFor();
  return page;
}

/** What stands on the page, and in its labels and choices, as it is: nothing of it may turn text around. */
const marksOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[document.body.innerText, ...[...document.querySelectorAll('*')].flatMap(
    (one) => [...one.attributes].flatMap(({ name, value }) => (name === 'value' ? [] : value)))].filter((text) => /\\u202E/.test(text))`);

describe('what a stranger wrote', () => {
  it('turns nothing around in the sentence that says why, nor anywhere else on the page', async () => {
    const page = await openCase(`acct_${turned}`, turned);
    const sentence = page.locator('.sentence');
    expect(await sentence.textContent()).toContain('Organization U+202Egnp.exe evil signs up');
    for (const tab of ['Signals', 'Explanation', 'Timeline', 'Ring', 'Similar accounts', 'Raw']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').locator('*').first().waitFor();
      expect(await marksOn(page)).toEqual([]);
    }
    const queue = await openConsole(browser, service, { path: '/queue' });
    await queue.getByText('U+202E').first().waitFor();
    expect(await marksOn(queue)).toEqual([]);
  });

  it('is cut in that sentence where it is long, and opens to the whole of it', async () => {
    const page = await openCase('acct_long', long);
    const sentence = page.locator('.sentence');
    const whole = sentence.locator('bdi').last();
    expect(await whole.textContent()).toContain('Ende signs up');
    expect(await whole.isVisible()).toBe(false);
    await sentence.locator('summary').click();
    await whole.waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  const shown = (page: Page, selector: string): Promise<string> =>
    page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);

  it('keeps its lines where it has lines, and shows them as marks where it has none', async () => {
    const page = await openCase('acct_lines', 'Two\nLines of Text Ltd');
    const id = page.url().split('/').at(-1);
    await service.call('POST', `/v1/cases/${id}/notes`, { body: { text: 'first\tline\nsecond line' } });
    const message = 'dear all\r\nI share\ra desk';
    await service.call('POST', '/v1/appeals', { body: { account_id: 'acct_lines', message } });
    await page.locator('.said').waitFor();
    expect(await shown(page, '.said')).toMatch(/^dear all\s*\nI shareU\+000Da desk$/);
    expect(await shown(page, '.sentence')).toContain('Organization TwoU+000ALines of Text Ltd');
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('second line').waitFor();
    expect(await shown(page, '.timeline')).toMatch(/first\tline\n\s*second line/);
    await page.getByRole('tab', { name: 'Raw' }).click();
    expect(await shown(page, '.raw')).toMatch(/^\{\n {2}"id": "case_\w+",\n/);
    expect(await shown(page, '.raw')).not.toContain('U+000A');
  });

  it('turns nothing around in the page of a ring, its choices and its labels', async () => {
    const names = ['one', 'two', 'three'].map((name) => `${turned} ${name}`);
    for (const [n, name] of names.entries())
      await service.evaluate(anEvent(name, { event_id: `evt_ring_${n}`, payment: { fingerprint: 'pm_shared' } }));
    const page = await openConsole(browser, service, { path: '/rings?state=open' });
    await page.getByRole('link', { name: /^ring_/ }).click();
    await page.getByRole('checkbox', { name: 'Exclude U+202Egnp.exe evil one' }).waitFor();
    await page.getByLabel('Why is').selectOption({ index: 1 });
    await page.getByLabel('linked with').selectOption({ index: 2 });
    await page.getByText('Both have the same card.').waitFor();
    expect(await marksOn(page)).toEqual([]);
  });
});
