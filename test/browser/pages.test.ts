import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { keyOf, openConsole } from '../support/console-page.js';
import { aSignup, type Service, startService } from '../support/service.js';

let service: Service;
let browser: Browser;
let caseId: string | null;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
  ({ case_id: caseId } = await service.evaluate(aSignup('acct_shown', 'hold')));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

interface Screen {
  readonly name: string;
  readonly path: () => string;
  /** What is there once the page is whole. */
  readonly shown: (page: Page) => Promise<void>;
}

const heading = (name: RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor();

const screens: readonly Screen[] = [
  { name: 'overview', path: () => '/overview', shown: (page) => page.locator('.uplot').waitFor() },
  {
    name: 'rules',
    path: () => '/rules',
    shown: (page) => page.getByRole('link', { name: 'trial-hold', exact: true }).waitFor(),
  },
  { name: 'one rule', path: () => '/rules/trial-hold', shown: heading(/Rule trial-hold/) },
  { name: 'access', path: () => '/access', shown: heading(/Access/) },
  { name: 'rings', path: () => '/rings', shown: heading(/Rings/) },
  {
    name: 'the explanation of a case',
    path: () => `/cases/${caseId}`,
    async shown(page) {
      await page.getByRole('tab', { name: 'Explanation' }).click();
      await page.getByText('account.plan == "hold"').first().waitFor();
    },
  },
];

describe('each page of the console', () => {
  it.each(screens)('has no finding of axe in either theme, nor at twice the size: $name', async ({ path, shown }) => {
    const page = await openConsole(browser, service, { path: path() });
    await shown(page);
    expect(await axeFindings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 640, height: 400 });
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('makes a key whose secret is shown once, and revokes it after asking twice', async () => {
    const page = await openConsole(browser, service, { path: '/access' });
    await page.getByLabel('Name').fill('night shift');
    await page.getByLabel('Role').selectOption('worker');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const secret = await page.locator('.secret').textContent();
    expect(secret).toMatch(/^pk_/);
    await page.reload();
    await page.getByRole('cell', { name: 'night shift', exact: true }).waitFor();
    expect(await page.locator('.secret').count()).toBe(0);
    await page.getByRole('button', { name: 'Revoke night shift' }).click();
    await page.getByRole('button', { name: 'Yes, revoke night shift' }).click();
    await page.getByText(/^revoked/).waitFor();
  });

  it('shows each role only the pages that it may open', async () => {
    const page = await openConsole(browser, service, { key: await keyOf(service, 'author'), path: '/' });
    const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
    expect(names).toEqual(['Overview', 'Rules']);
  });
});
