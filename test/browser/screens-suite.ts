import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings } from '../support/browser.js';
import { keyOf, layoutFaults, openConsole } from '../support/console-page.js';
import { aSignup } from '../support/service.js';
import type { ConsoleWorld } from './console-world.js';

interface Screen {
  readonly name: string;
  readonly path: () => string;
  /** What is there once the page is whole. */
  readonly shown: (page: Page) => Promise<void>;
}

const heading = (name: RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor();

/** As a link of the page would: nothing is loaded again. */
const followLink = (page: Page, path: string): Promise<unknown> =>
  page.evaluate(`history.pushState(null, '', ${JSON.stringify(`/console${path}`)})`);

/** A page that is wider than the window has to be scrolled in two directions. */
const widths = `({ width: innerWidth, shownWidth: document.documentElement.scrollWidth })`;

/** Every screen, and what they do. */
export function screensSuite(world: () => ConsoleWorld): void {
  let caseId: string | null;
  let hash: string;
  /** Signed in once, for all screens. */
  let page: Page;
  beforeAll(async () => {
    const { service, browser } = world();
    const entry = { value: '203.0.113.9', reason: 'an exit' };
    const endpoint = { url: 'https://hooks.example.com/in', events: ['case.opened'] };
    const twice = { url: 'https://twice.example.com/in', events: ['case.opened'] };
    const [decision] = await Promise.all([
      service.evaluate(aSignup('acct_shown', 'hold')),
      service.call('POST', '/v1/lists/tor/entries', { body: entry }),
      ...[endpoint, twice, twice].map((body) => service.call('POST', '/v1/webhook-endpoints', { body })),
    ]);
    caseId = decision.case_id;
    hash = decision.ruleset.hash;
    page = await openConsole(browser, service);
  });

  const screens: readonly Screen[] = [
    { name: 'overview', path: () => '/overview', shown: (page) => page.locator('.uplot').waitFor() },
    {
      name: 'rules',
      path: () => '/rules',
      shown: (page) => page.getByRole('link', { name: 'trial-hold', exact: true }).waitFor(),
    },
    { name: 'one rule', path: () => '/rules/trial-hold', shown: heading(/Rule trial-hold/) },
    {
      name: 'the files of a rule set',
      path: () => `/rulesets/${hash}?file=trial.yml&line=4`,
      shown: (page) => page.locator('.line-here').waitFor(),
    },
    {
      name: 'a change with an error',
      path: () => `/rulesets/${hash}/change?file=trial.yml`,
      async shown(page) {
        await page.getByLabel('Text').fill('rules: 5\n');
        await page.getByRole('button', { name: 'Check' }).click();
        await page.getByText(/^1 error/).waitFor();
      },
    },
    { name: 'access', path: () => '/access', shown: heading(/Access/) },
    {
      name: 'lists',
      path: () => '/lists',
      shown: (page) => page.getByRole('link', { name: 'tor', exact: true }).waitFor(),
    },
    { name: 'one list', path: () => '/lists/tor', shown: (page) => page.getByText('an exit').waitFor() },
    {
      name: 'webhooks',
      path: () => '/webhooks',
      async shown(page) {
        await page.getByRole('button', { name: 'Remove hooks.example.com' }).waitFor();
        // Two with one address are told apart by their ids, which are long.
        expect(
          await page
            .getByLabel('To')
            .getByRole('option', { name: /^hook_/ })
            .count(),
        ).toBe(2);
      },
    },
    { name: 'the audit trail', path: () => '/audit', shown: (page) => page.getByText('list.entry_added').waitFor() },
    { name: 'privacy', path: () => '/privacy', shown: heading(/Privacy/) },
    { name: 'settings', path: () => '/settings', shown: (page) => page.getByText('redis', { exact: true }).waitFor() },
    { name: 'rings', path: () => '/rings', shown: heading(/Rings/) },
    {
      name: 'the queue',
      path: () => '/queue',
      shown: (page) => page.getByRole('link', { name: /^acct_shown/ }).waitFor(),
    },
    {
      name: 'a case',
      path: () => `/cases/${caseId}`,
      async shown(page) {
        await page.getByRole('tab', { name: 'Signals' }).click();
        await page.locator('.reasons summary').first().click();
      },
    },
    {
      name: 'the explanation of a case',
      path: () => `/cases/${caseId}`,
      async shown(page) {
        await page.getByRole('tab', { name: 'Explanation' }).click();
        await page.getByText('account.plan == "hold"').first().waitFor();
      },
    },
  ];

  it.each([
    ['/cases/case_nope', /^Case$/],
    ['/rings/ring_nope', /^Ring$/],
    ['/rules/nope', /no such rule/],
    ['/lists/nope', /no such list/],
    ['/nope', /no such page/],
  ])('has a heading, and no finding of axe, also where there is nothing: %s', async (path, title) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await followLink(page, path);
    await heading(title)(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await layoutFaults(page)).toEqual([]);
  });

  it.each(screens)('has no finding of axe in either theme, nor at twice the size: $name', async ({ path, shown }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await followLink(page, path());
    await shown(page);
    expect(await axeFindings(page)).toEqual([]);
    // The other theme, and what is left of a screen at twice the size, at once.
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 640, height: 400 });
    expect(await axeFindings(page)).toEqual([]);
    const { width, shownWidth } = await page.evaluate<{ width: number; shownWidth: number }>(widths);
    expect(shownWidth).toBeLessThanOrEqual(width);
  });

  it.each(screens)('has all in its place in a window of 320 and of 390 pixels: $name', async ({ path, shown }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 320, height: 640 });
    await followLink(page, path());
    await shown(page);
    expect(await layoutFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await layoutFaults(page)).toEqual([]);
  });

  it.each([
    ['/privacy', 'Privacy', 'privacy or admin'],
    ['/audit', 'Audit', 'privacy, senior or admin'],
    ['/access', 'Access', 'admin'],
    ['/webhooks', 'Webhooks', 'admin'],
  ])('says whose it is, and shows no form, to who may not open it: %s', async (path, title, whose) => {
    const { service, browser } = world();
    const theirs = await openConsole(browser, service, { path, key: await keyOf(service, 'reviewer', 'curious') });
    await theirs.getByRole('heading', { level: 1, name: title }).waitFor();
    await theirs.getByText(`the role reviewer, which may not open this page; ${whose} may`).waitFor();
    expect(await theirs.locator('main').locator('input, button, select').count()).toBe(0);
    expect(await axeFindings(theirs)).toEqual([]);
  });

  it('makes a key whose secret is shown once, and revokes it after asking twice', async () => {
    const { service, browser } = world();
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
    const { service, browser } = world();
    const page = await openConsole(browser, service, { key: await keyOf(service, 'author'), path: '/' });
    const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
    expect(names).toEqual(['Overview', 'Rules', 'Lists', 'Settings']);
  });

  it('shows a rule in the text it was written in, coloured under the policy of the page', async () => {
    const { service, browser } = world();
    const page = await openConsole(browser, service, { path: '/rules/trial-hold' });
    const here = page.locator('.line-here');
    await here.waitFor();
    expect(await here.textContent()).toContain('trial-hold');
    const colour = (selector: string) =>
      page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color`);
    expect(await colour('.yaml-key')).not.toBe(await colour('.cm-content'));
  });

  it('checks a change together with the other files, and goes to the place of an error', async () => {
    const { service, browser } = world();
    const page = await openConsole(browser, service, { path: `/rulesets/${hash}/change?file=trial.yml` });
    const pad = page.getByLabel('Text');
    const text = await pad.inputValue();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('No errors.').waitFor();
    await pad.fill(text.replace('account.plan == "deny"', 'account.plam == "deny"'));
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('1 error:').waitFor();
    const errors = page.locator('.problems').first();
    await errors.getByRole('button', { name: /^trial\.yml:\d+:\d+$/ }).click();
    const selected = await page.evaluate('getSelection().toString()');
    expect(selected).toBe('account.plam');
  });

  it('keeps the order and the filter of rules in the address', async () => {
    const { service, browser } = world();
    const key = await keyOf(service, 'reviewer');
    const page = await openConsole(browser, service, { key, path: '/rules' });
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    await page.getByRole('columnheader', { name: /^Rule/, includeHidden: true }).first().waitFor();
    await page.getByRole('button', { name: /^Rule/ }).click();
    await page.getByLabel('Filter').fill('TRIAL-HOLD');
    await page.waitForURL((url) => url.search.includes('TRIAL-HOLD'));
    await page.reload();
    const rules = page.locator('tbody tr td:first-child');
    await rules.first().waitFor();
    expect(await rules.allTextContents()).toEqual(['trial-hold-too', 'trial-hold']);
  });
}
