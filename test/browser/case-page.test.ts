import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { keyOf, openClaimedCase, openConsole } from '../support/console-page.js';
import { eventually } from '../support/eventually.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { sideBySide } from '../support/side-by-side.js';

let service: Service;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService({ rules: ringTrialRules }), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

const hold = async (account: string, more: object = {}): Promise<string> =>
  (await service.evaluate(aSignup(account, 'hold', { ...more }))).case_id ?? '';

const claimed = (account: string, key: string) => openClaimedCase(browser, service, { account, key });

const gateOf = async (page: Page): Promise<string> => (await page.locator('.gate').textContent()) ?? '';
const says = (page: Page, words: RegExp) => eventually(async () => words.test(await gateOf(page)));

// Each on pages of its own; the first waits for the end of an undo window.
sideBySide({
  'what a case says of the gate': ({ it }) => {
    it('is the state of the account: through the undo window of an approval, after it, and when it is denied later', async () => {
      const key = await keyOf(service, 'reviewer', 'approver');
      const { page, id } = await claimed('acct_gate', key);
      expect(await gateOf(page)).toMatch(/^This account cannot use the API: it is held\. Its case was opened /);
      await page.keyboard.press('a');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.pathname.endsWith(id));
      await page.goto(`${service.url}/console/cases/${id}`);
      await page.getByText('Decided: approve by you').waitFor();
      expect((await service.gate({ accountId: 'acct_gate' })).body.state).toBe('held');
      await says(
        page,
        /^This account cannot use the API: it is held\. Its case was approved by approver, with effect from /,
      );
      expect(await axeFindings(page)).toEqual([]);
      await says(page, /^This account may use the API\. Its case was approved by approver/);
      await service.call('POST', '/v1/accounts/acct_gate/deny', { body: { reason: 'a chargeback' } });
      await says(page, /^This account cannot use the API: it is denied\. Its case was approved by approver/);
    }, 60_000);
  },

  'what a case says of the gate to a worker, and of a ring': ({ it }) => {
    it('is told to a worker too, who may not ask for accounts', async () => {
      const id = await hold('acct_worker');
      const read = async () => (await service.call('GET', `/v1/cases/${id}`)).body;
      expect((await read()).access).toEqual({ state: 'held', version: 1 });
      const page = await openConsole(browser, service, { path: `/cases/${id}`, key: await keyOf(service, 'worker') });
      await says(page, /^This account cannot use the API: it is held\./);
      const tabs = page.getByRole('tab');
      expect(await tabs.allTextContents()).toEqual(['Signals', 'Timeline', 'Ring', 'Similar accounts', 'Raw']);
    });

    it('is not told of members of a ring that the case does not name, and a case that went into it is not rejected', async () => {
      const farm = Array.from({ length: 7 }, (_none, n) => `farm-${n}`);
      for (const [n, account] of farm.entries()) {
        await service.evaluate(sharing(account, 'pm_farm', n));
        if (n > 0) await eventually(async () => (await ringWith(service, account))?.size === n + 1);
      }
      const own = await hold('farm-2', { event_id: 'farm-2-again' });
      // On a busy machine one may be decided without knowing the ring.
      let late = 50;
      await eventually(
        async () => (await service.evaluate(sharing(`farm-${late}`, 'pm_farm', late++))).outcome === 'hold',
      );
      await eventually(async () => (await service.call('GET', `/v1/cases/${own}`)).body.state === 'decided');
      const page = await openConsole(browser, service, { path: `/cases/${own}`, key: await keyOf(service, 'senior') });
      await says(page, /^This account cannot use the API: it is held\. Its case went on as the case of its ring\.$/);
      await page.getByText('Closed: the case of its ring takes its place.').waitFor();
      expect(await page.getByText(/reject|nobody named|null/).count()).toBe(0);
      const { body: rings } = await service.call('GET', '/v1/cases?view=rings');
      await page.goto(`${service.url}/console/cases/${rings.data[0].id}`);
      await says(
        page,
        /^Of the \d accounts of this ring that this case names, \d are held; of the others it is not known here\./,
      );
      expect(await axeFindings(page)).toEqual([]);
    }, 60_000);
  },

  'what a case says of its account': ({ it }) => {
    it('is who opened it, where no decision did, and what the newest decision about its account saw', async () => {
      await service.evaluate(aSignup('acct_appealed', 'free'));
      await service.call('POST', '/v1/accounts/acct_appealed/deny', { body: { reason: 'odd' } });
      const appeal = { account_id: 'acct_appealed', message: 'please look again' };
      const { body } = await service.call('POST', '/v1/appeals', { body: appeal });
      const key = await keyOf(service, 'reviewer', 'wonders why');
      const page = await openConsole(browser, service, { path: `/cases/${body.case_id}`, key });
      await page.getByText('No decision opened this case: whoever has the account opened it, by an appeal.').waitFor();
      await page.getByText('no rule spoke against it').waitFor();
      await page.getByRole('tab', { name: 'Signals' }).click();
      await page.getByText('account.plan', { exact: true }).waitFor();
    });
  },

  'the decision of a case': ({ it }) => {
    const chosen = (page: Page) => page.evaluate('document.activeElement.closest("label")?.innerText.trim() ?? null');
    const focused = (page: Page) => page.evaluate('document.activeElement.id || document.activeElement.tagName');

    it('is chosen by arrows without being carried away, by one key with the reason at hand, and left with Escape', async () => {
      const { page, id } = await claimed('acct_arrows', await keyOf(service, 'senior', 'arrows'));
      await page.getByRole('radio', { name: /^Approve/ }).focus();
      await page.keyboard.press('Space');
      expect(await chosen(page)).toBe('Approve a');
      await page.keyboard.press('ArrowDown');
      expect(await chosen(page)).toBe('Ask for verification v');
      await page.keyboard.press('ArrowDown');
      expect(await chosen(page)).toBe('Reject r');
      expect(await page.getByRole('radio', { name: /^Reject/ }).isChecked()).toBe(true);
      await page.keyboard.press('a');
      expect(await focused(page)).toBe('reason');
      await page.keyboard.press('Escape');
      expect(await page.getByLabel('Reason', { exact: true }).count()).toBe(0);
      expect(await chosen(page)).toBe('Approve a');
      expect(page.url()).toContain(id);
      await page.getByRole('button', { name: /^Snooze/ }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await page.evaluate('document.activeElement.innerText')).toBe('Snooze s');
      await page.keyboard.press('r');
      expect(await focused(page)).toBe('reason');
      await page.getByRole('radio', { name: /^Reject/ }).focus();
      await page.keyboard.press('Escape');
      expect(await page.getByLabel('Reason', { exact: true }).count()).toBe(0);
      expect(page.url()).toContain(id);
      await page.keyboard.press('Escape');
      await page.waitForURL((url) => url.pathname.endsWith('/queue'));
      await eventually(async () => (await page.title()) === 'Queue – Portcullis');
    });

    it('shows what a telephone has room for: values below their names', async () => {
      const page = await openConsole(browser, service, { path: `/cases/${await hold('acct_slim')}`, width: 320 });
      await page.locator('.tabs .inputs').first().waitFor();
      const columns = 'getComputedStyle(document.querySelector(".tabs .inputs")).gridTemplateColumns.split(" ").length';
      expect(await page.evaluate(columns)).toBe(1);
    });
  },
});

describe('whoever hears the page instead of seeing it', () => {
  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.innerText');
  const heading = (page: Page): Promise<string> => page.evaluate('document.querySelector("h1").innerText');

  /** The name of the case that came, once the focus is on it and the title has it. */
  async function arriveAt(page: Page, isNew: (url: URL) => boolean): Promise<string> {
    await page.waitForURL(isNew);
    await page.getByRole('form', { name: 'Decision' }).waitFor();
    const name = await heading(page);
    await eventually(async () => (await focused(page)) === name && (await page.title()) === `${name} – Portcullis`);
    return name;
  }

  it('is told which case came after a decision and after N', async () => {
    await Promise.all([hold('acct_next_one'), hold('acct_next_two')]);
    const { page, id } = await claimed('acct_heard', await keyOf(service, 'reviewer', 'listener'));
    expect(await page.title()).toBe('Case of acct_heard – Portcullis');
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    const second = await arriveAt(page, (url) => url.pathname.includes('/cases/') && !url.pathname.endsWith(id));
    const there = page.url();
    await page.keyboard.press('N');
    expect(await arriveAt(page, (url) => url.pathname.includes('/cases/') && url.href !== there)).not.toBe(second);
  });

  it('stays where a case is given back and claimed, with a button that goes when it is used', async () => {
    const { page } = await claimed('acct_to_and_fro', await keyOf(service, 'reviewer', 'to and fro'));
    await page.getByRole('button', { name: 'Give it back' }).click();
    await eventually(async () => /^Nobody has this case/.test(await focused(page)));
    await page.getByRole('button', { name: 'Claim (c)' }).click();
    await eventually(async () => /^You have this case/.test(await focused(page)));
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('a page that is loaded anew', () => {
  it('still takes the last decision back while there is time', async () => {
    const { page, id } = await claimed('acct_reloaded', await keyOf(service, 'reviewer', 'reloader'));
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Undo/ }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Undo/ }).click();
    await page.waitForURL((url) => url.pathname.endsWith(id));
    await page.getByText('Nobody has this case').waitFor();
    await page.reload();
    await page.getByText('Nobody has this case').waitFor();
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  });
});

describe('a browser whose clock is behind', () => {
  it('tells what has happened as past', async () => {
    const { page } = await claimed('acct_behind', await keyOf(service, 'reviewer', 'behind'));
    await page.clock.setFixedTime(Date.now() - 300_000);
    await page.reload();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('claimed', { exact: true }).waitFor();
    const times = page.locator('.timeline time');
    expect(new Set(await times.allTextContents())).toEqual(new Set(['just now']));
    expect(await page.locator('.case-head time').textContent()).toMatch(/^in \d/);
  });
});
