import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { keyOf, openConsole } from '../support/console-page.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { type Service, startService } from '../support/service.js';

let postgres: PostgresServer;
let service: Service;
let browser: Browser;

const waiting = 50_000;
/** A fifth of them from Brazil, one in fifty a ring's; all due tomorrow but the first ten. */
const seed = `
  insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
    select 'acct_' || lpad(i::text, 5, '0'), 'held', 1, 'decision', now(), now() from generate_series(1, ${waiting}) i;
  insert into cases (id, account_id, ring_id, whole_ring, state, priority, score, reason, opened_at, due_at, country,
      network, email_domain, title)
    select 'case_' || lpad(i::text, 5, '0'), 'acct_' || lpad(i::text, 5, '0'), case when i % 50 = 0 then 'ring_' || i end,
      i % 50 = 0, 'open', 60 + i % 40, 60 + i % 40, 'payment.reused',
      date_trunc('milliseconds', now() - i * interval '1 second'),
      date_trunc('milliseconds', now() + case when i <= 10 then interval '-1 hour' else interval '1 day' end),
      (array['DE', 'US', 'FR', 'BR', 'IN'])[1 + i % 5], 'AS' || i % 300, 'mail.example', 'Same payment method on 11 accounts'
    from generate_series(1, ${waiting}) i;
  analyze cases;`;

beforeAll(async () => {
  [postgres, browser] = await Promise.all([startPostgres(), startBrowser()]);
  service = await startService({ databaseUrl: postgres.url, env: { ROLES: 'api' } });
  const database = await openPostgres(postgres.url, { callTimeoutMs: 60_000, maxWaiting: 10 });
  try {
    await database.transaction((tx) => tx.script(`set local statement_timeout = 0; ${seed}`));
  } finally {
    await database.close();
  }
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
  await postgres?.stop();
});

const rowsOf = (page: Page): Promise<number> => page.locator('.queue tbody tr').count();
const firstAccounts = (page: Page): Promise<readonly string[]> => page.locator('.queue tbody tr a').allTextContents();
const decided = async () => (await service.call('GET', '/v1/cases?state=decided&limit=10')).body.data;
const view = (page: Page, name: RegExp): Promise<void> =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();

describe('the queue with 50,000 cases', () => {
  it('draws only what is in sight, however far one scrolls', async () => {
    const page = await openConsole(browser, service);
    await page.getByRole('link', { name: /^Unclaimed 50,000$/ }).waitFor();
    await page.locator('.queue tbody tr').nth(10).waitFor();
    for (let i = 0; i < 5; i++) {
      await page.locator('.queue').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
      await page.locator('.queue tbody tr').nth(10).waitFor();
      expect(await rowsOf(page)).toBeLessThan(150);
    }
    await page.locator('.queue').evaluate((frame) => frame.scrollTo(0, 0));
    expect(await axeFindings(page)).toEqual([]);
  });

  it('filters by account, country and score, and keeps the filters in the address', async () => {
    const page = await openConsole(browser, service);
    await page.locator('.queue tbody tr').nth(10).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('acct_4999');
    await page.getByText('acct_49999').waitFor();
    await eventually(async () => (await rowsOf(page)) === 10);
    expect((await firstAccounts(page)).every((id) => id.startsWith('acct_4999'))).toBe(true);
    await page.getByLabel('Country').fill('br');
    await eventually(async () => (await rowsOf(page)) === 2);
    expect(await page.locator('.queue tbody tr').allTextContents()).toEqual([
      expect.stringContaining('BR'),
      expect.stringContaining('BR'),
    ]);
    expect(new URL(page.url()).searchParams.get('country')).toBe('br');
    await page.getByLabel('Score from').fill('99');
    await page.getByText('No case fits the filters').waitFor();
    await page.reload();
    await page.getByText('No case fits the filters').waitFor();
  });

  it('says what a filter takes when it is not understood, and shows no list as if it were filtered', async () => {
    const page = await openConsole(browser, service, { path: '/queue?min_score=101&country=DEU' });
    await page.getByText('expected a number from 0 to 100').waitFor();
    await page.getByText('expected two letters, such as DE').waitFor();
    await page.getByText('No case is shown: Country takes two letters, such as DE; Score from takes').waitFor();
    expect(await page.locator('.queue').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    for (const text of ['-5', '1e2', 'x']) {
      await page.getByLabel('Score from').fill(text);
      await page.waitForURL((url) => url.searchParams.get('min_score') === text);
      expect(await page.locator('.queue').count()).toBe(0);
    }
    await page.getByLabel('Country').fill('in');
    await page.getByLabel('Score from').fill('98.5');
    await page.locator('.queue tbody tr').nth(5).waitFor();
    expect(await page.getByText(/^expected/).count()).toBe(0);
  });

  it('has views of what is due, of rings and of my own, each counted', async () => {
    const page = await openConsole(browser, service);
    await view(page, /^Due soon 10$/);
    await eventually(async () => (await rowsOf(page)) === 10);
    expect(await page.locator('.queue tbody tr .late').count()).toBe(10);
    await view(page, /^Rings 1,000$/);
    await page.getByText('ring', { exact: true }).first().waitFor();
    await view(page, /^Mine 0$/);
    await page.getByText('You have no case.').waitFor();
  });

  it('decides what was selected by keys, each for itself, and tells what became of each', async () => {
    const key = await keyOf(service, 'senior', 'bulk');
    // Of rings, which stay in their view when they are claimed.
    const page = await openConsole(browser, service, { key, path: '/queue?view=rings&q=acct_333' });
    await eventually(async () => (await rowsOf(page)) === 2);
    const [first = ''] = await firstAccounts(page);
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    // Meanwhile somebody else takes one of them.
    expect((await service.call('POST', `/v1/cases/${first.replace('acct_', 'case_')}/claim`)).status).toBe(200);
    const reason = page.getByRole('region', { name: 'Selected cases' }).getByLabel('Reason');
    await reason.fill('one card for all of them');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reject 2' }).click();
    await page.getByText('1 decided, 1 not.').waitFor();
    await page.getByText(/not decided, the case is claimed/).waitFor();
    expect(await decided()).toMatchObject([{ decision: 'reject', whole_ring: true }]);
    await page.getByText('1 rejected.').waitFor();
    await page.getByRole('button', { name: 'Close the report' }).click();
    // Of the one that is left the reason is not lost, nor by looking elsewhere.
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.goBack();
    await page.getByText('You have written a reason for several cases').waitFor();
    await page.getByRole('row').nth(1).getByRole('checkbox').check();
    expect(await reason.inputValue()).toBe('one card for all of them');
    await reason.fill('');
  });

  it('leaves whole rings to seniors, and says so, in the queue and in the case', async () => {
    const key = await keyOf(service, 'reviewer', 'bulk');
    const page = await openConsole(browser, service, { key, path: '/queue?view=rings&q=acct_444' });
    await eventually(async () => (await rowsOf(page)) === 2);
    await page.keyboard.press('x');
    const bar = page.getByRole('region', { name: 'Selected cases' });
    await bar.getByText('1 of them whole rings, which a senior releases or denies').waitFor();
    await bar.getByLabel('Reason').fill('one card for all of them');
    expect(await bar.getByRole('button', { name: 'Approve 1' }).isDisabled()).toBe(true);
    expect(await bar.getByRole('button', { name: 'Reject 1' }).isDisabled()).toBe(true);
    expect(await bar.getByRole('button', { name: 'Ask for verification 1' }).isEnabled()).toBe(true);
    await page.locator('.queue tbody tr a').first().click();
    await page.getByRole('button', { name: 'Claim (c)' }).click();
    await page.getByText('A senior releases or denies a whole ring').waitFor();
    expect(await page.getByLabel('Approve').isDisabled()).toBe(true);
    expect(await page.getByLabel('Reject').isDisabled()).toBe(true);
    await page.getByLabel('Ask for verification').check();
    await page.getByRole('button', { name: 'Ask for verification (Enter)' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Give it back' }).click();
  });

  it('takes back with one key what was decided together', async () => {
    const key = await keyOf(service, 'reviewer', 'bulk');
    const page = await openConsole(browser, service, { key, path: '/queue?view=unclaimed&q=acct_4123' });
    await eventually(async () => (await rowsOf(page)) === 10);
    for (let row = 0; row < 3; row++) {
      await page.keyboard.press('x');
      await page.keyboard.press('j');
    }
    const before = (await decided()).length;
    await page.getByRole('region', { name: 'Selected cases' }).getByLabel('Reason').fill('known to us');
    await page.getByRole('button', { name: 'Approve 3' }).click();
    await page.getByText('3 approved.').waitFor();
    expect(await decided()).toHaveLength(before + 3);
    expect(await page.getByText('You have written a reason').count()).toBe(0);
    await page.keyboard.press('u');
    await page.getByText('Taken back: 3 cases are open again.').waitFor();
    expect(await decided()).toHaveLength(before);
    await eventually(async () => (await rowsOf(page)) === 10);
  });

  const take = async (account: string | undefined): Promise<void> => {
    const id = account?.replace('acct_', 'case_');
    expect((await service.call('POST', `/v1/cases/${id}/claim`)).status).toBe(200);
  };
  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.ariaLabel');

  it('keeps the cursor on its case when colleagues take those above, and on its place when they take it', async () => {
    const page = await openConsole(browser, service, { path: '/queue?q=acct_4234' });
    await eventually(async () => (await rowsOf(page)) === 10);
    const accounts = await firstAccounts(page);
    const current = page.locator('.queue tr.current a');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await eventually(async () => (await current.textContent()) === accounts[2]);
    await take(accounts[0]);
    await eventually(async () => (await rowsOf(page)) === 9);
    expect(await current.textContent()).toBe(accounts[2]);
    await take(accounts[2]);
    await eventually(async () => (await rowsOf(page)) === 8);
    expect(await current.textContent()).toBe(accounts[3]);
    await take(accounts[1]);
    await eventually(async () => (await rowsOf(page)) === 7);
    expect(await current.textContent()).toBe(accounts[3]);
  });

  it('keeps selected a case that a colleague takes, and tells that it was not decided', async () => {
    const key = await keyOf(service, 'reviewer', 'bulk');
    const page = await openConsole(browser, service, { key, path: '/queue?q=acct_4345' });
    await eventually(async () => (await rowsOf(page)) === 10);
    const [first] = await firstAccounts(page);
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await take(first);
    await page.getByText('2 selected, 1 of them no longer in this list').waitFor();
    await page.getByRole('region', { name: 'Selected cases' }).getByLabel('Reason').fill('one card');
    await page.getByRole('button', { name: 'Reject 2' }).click();
    await page.getByText('1 decided, 1 not.').waitFor();
    expect(await page.evaluate('document.activeElement.innerText')).toBe('1 decided, 1 not.');
    await page.getByText(`${first}: not decided, the case is claimed`).waitFor();
    await page.getByRole('button', { name: 'Close the report' }).click();
    expect(await focused(page)).toBe('Cases');
    await page.keyboard.press('x');
    await page.getByRole('region', { name: 'Selected cases' }).getByLabel('Reason').fill('');
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await focused(page)).toBe('Cases');
  });

  it('does not call back whoever has typed into a filter and gone on to a case that is slow to come', async () => {
    const page = await openConsole(browser, service, { key: await keyOf(service, 'reviewer', 'typist') });
    await page.locator('.queue tbody tr').nth(5).waitFor();
    const scripts = '**/case-page*.js';
    await page.route(scripts, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await page.keyboard.press('/');
    await page.keyboard.type('acct_1');
    await page.evaluate('document.querySelector(".queue tbody a").click()');
    await page.getByRole('heading', { level: 1, name: /case of/i }).waitFor();
    expect(page.url()).toMatch(/\/cases\/case_\d+$/);
    await page.unroute(scripts);
  });

  const addressOf = (page: Page): string => new URL(page.url()).search;

  it('lets go of a filter by Back, by the link of a view and by that of the queue', async () => {
    const page = await openConsole(browser, service, { key: await keyOf(service, 'reviewer', 'goes back') });
    const account = page.getByLabel('Account');
    const filtered = async (): Promise<void> => {
      await account.fill('acct_4567');
      await page.waitForURL((url) => url.search === '?q=acct_4567');
      await eventually(async () => (await rowsOf(page)) === 10);
    };
    const ways: readonly (readonly [way: () => Promise<unknown>, search: string])[] = [
      [() => page.evaluate('history.back()'), ''],
      [() => view(page, /^Unclaimed/), '?view=unclaimed'],
      [() => page.getByRole('link', { name: 'Queue', exact: true }).click(), ''],
    ];
    for (const [way, search] of ways) {
      await filtered();
      await way();
      await eventually(async () => (await rowsOf(page)) > 10);
      // What is typed reaches the address when typing pauses, after 300 ms.
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect([addressOf(page), await account.inputValue()]).toEqual([search, '']);
      await page.goto(`${service.url}/console/queue`);
      await page.locator('.queue tbody tr').nth(11).waitFor();
    }
  });

  it('selects and opens by keys the row that has the focus, which goes along with j and k', async () => {
    const key = await keyOf(service, 'reviewer', 'by Tab');
    const page = await openConsole(browser, service, { key, path: '/queue?q=acct_4678' });
    await eventually(async () => (await rowsOf(page)) === 10);
    const accounts = await firstAccounts(page);
    const box = (row: number) => page.getByRole('row').nth(row).getByRole('checkbox');
    await box(4).focus();
    await page.keyboard.press('x');
    expect([await box(1).isChecked(), await box(4).isChecked()]).toEqual([false, true]);
    await page.keyboard.press('j');
    expect(await focused(page)).toBe(`Select ${accounts[4]}`);
    await page.keyboard.press('k');
    expect(await focused(page)).toBe(`Select ${accounts[3]}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: new RegExp(`ase of ${accounts[3]}`) }).waitFor();
  });

  it('says to whoever hears the page which row j and k are on, also where nothing in the list had the focus', async () => {
    const key = await keyOf(service, 'reviewer', 'by ear');
    const page = await openConsole(browser, service, { key, path: '/' });
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.locator('.queue tbody tr').nth(10).waitFor();
    const accounts = await firstAccounts(page);
    await page.keyboard.press('j');
    expect(await focused(page)).toBe(`Select ${accounts[1]}`);
    await page.getByRole('button', { name: 'Next case (N)' }).focus();
    await page.keyboard.press('k');
    expect(await focused(page)).toBe(`Select ${accounts[0]}`);
  });

  it('keeps the focus in the list when the row that has it is scrolled away, and goes on from there', async () => {
    const key = await keyOf(service, 'reviewer', 'scrolls');
    const page = await openConsole(browser, service, { key });
    await page.locator('.queue tbody tr').nth(10).waitFor();
    const accounts = await firstAccounts(page);
    await page.getByRole('row').nth(3).getByRole('checkbox').focus();
    await page.locator('.queue').evaluate((frame) => frame.scrollTo(0, 3_000));
    await page.getByRole('link', { name: accounts[2] ?? '' }).waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Cases');
    expect(await page.locator('.queue').evaluate((frame) => frame.scrollTop)).toBe(3_000);
    await page.keyboard.press('j');
    await eventually(async () => (await focused(page)) === `Select ${accounts[3]}`);
    await page.keyboard.press('j');
    expect(await focused(page)).toBe(`Select ${accounts[4]}`);
  });

  it('is where it was left, with view, filters, row and selection, for whoever looks at a case and comes back', async () => {
    const key = await keyOf(service, 'reviewer', 'looks closer');
    const search = '?view=unclaimed&q=acct_23';
    const page = await openConsole(browser, service, { key, path: `/queue${search}` });
    await page.locator('.queue tbody tr').nth(10).waitFor();
    await page.keyboard.press('x');
    for (let row = 0; row < 60; row++) await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    const current = page.locator('.queue tr.current a');
    const account = (await current.textContent()) ?? '';
    for (const back of [() => page.keyboard.press('Escape'), () => page.evaluate('history.back()')]) {
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: new RegExp(`ase of ${account}`) }).waitFor();
      await back();
      await page.getByText('2 selected').waitFor();
      expect(addressOf(page)).toBe(search);
      await current.and(page.getByRole('link', { name: account })).waitFor();
      await current.click({ trial: true });
      expect(await page.locator('.queue tr.current').getByRole('checkbox').isChecked()).toBe(true);
    }
    await view(page, /^Due soon/);
    await eventually(async () => addressOf(page) === '?view=due');
    expect(await page.getByText('2 selected').count()).toBe(0);
  });

  it.each([1240, 1280, 1600])('has room for its own words in a window of %s pixels', async (width) => {
    const page = await openConsole(browser, service, { path: '/queue?view=due', width });
    await page.locator('.queue-wide tbody tr').nth(5).waitFor();
    // Reasons and accounts can be of any length.
    const cut = `[...document.querySelectorAll('.queue th, .queue td')]
      .filter((one) => ![0, 4, 5].includes(one.cellIndex))
      .filter((one) => [one, ...one.querySelectorAll('.line')].some((part) => part.scrollWidth > part.clientWidth))
      .map((one) => one.innerText)`;
    expect(await page.evaluate(cut)).toEqual([]);
  });

  it('finds nothing wrong by axe in the dark', async () => {
    const page = await openConsole(browser, service, { theme: 'dark' });
    await page.locator('.queue tbody tr').nth(10).waitFor();
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
