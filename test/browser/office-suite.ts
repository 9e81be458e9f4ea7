import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings } from '../support/browser.js';
import { keyOf, openConsole } from '../support/console-page.js';
import { eventually } from '../support/eventually.js';
import { aSignup } from '../support/service.js';
import { type ConsoleWorld, hostile } from './console-world.js';

const addEntry = async (page: Page, value: string, reason: string): Promise<void> => {
  await page.getByLabel('Value').fill(value);
  await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
};

/** What people do on the plain pages: lists, webhooks, audit, privacy. */
export function officeSuite(world: () => ConsoleWorld): void {
  describe('lists', () => {
    it('take an entry that somebody else has to confirm, and give it back', async () => {
      const { service, browser } = world();
      const adding = await openConsole(browser, service, {
        key: await keyOf(service, 'author'),
        path: '/lists/trusted',
      });
      await adding.getByText('campus.example').waitFor();
      await addEntry(adding, 'school.example', 'a school that we know');
      await adding.getByText('somebody else confirms it').waitFor();
      const confirming = await openConsole(browser, service, { path: '/lists/trusted' });
      await confirming.getByRole('button', { name: 'Confirm school.example' }).click();
      await confirming.getByText('in use').waitFor();
      await confirming.getByRole('button', { name: 'Remove school.example' }).click();
      await confirming.keyboard.press('Enter');
      await confirming.getByText('Nothing was added to it.').waitFor();
    });

    it('show what a stranger wrote as text only, whatever it is', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { path: '/lists/people' });
      await addEntry(page, hostile, hostile);
      await page.getByRole('button', { name: /^Remove/ }).waitFor();
      expect(await page.locator('td .hidden-mark').allTextContents()).toEqual(['U+202E', 'U+202E']);
      expect(await page.locator('img[src]').count()).toBe(0);
      expect(await page.getByRole('button', { name: /^Remove/ }).textContent()).not.toMatch(/[<>\u202E]/);
      expect(await axeFindings(page)).toEqual([]);
    });

    it('are read by rules whose titles are text only, on their page and in their file', async () => {
      const { service, browser } = world();
      await service.evaluate(aSignup('acct_any', 'free'));
      const page = await openConsole(browser, service, { path: '/rules/trusted-domain' });
      await page.locator('.cm-specialChar').waitFor();
      expect(await page.locator('article > p .hidden-mark').allTextContents()).toEqual(['U+202E']);
      expect(await page.locator('img[src]').count()).toBe(0);
      expect(await axeFindings(page)).toEqual([]);
    });

    it('ask twice before an entry goes, and the focus comes back to who says no', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { path: '/lists/tor' });
      await addEntry(page, '203.0.113.41', 'an exit');
      await page.getByRole('button', { name: 'Remove 203.0.113.41' }).click();
      await page.getByRole('button', { name: 'No', exact: true }).click();
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Remove 203.0.113.41');
    });

    it('say at the field what is wrong with a value', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { path: '/lists/vpn' });
      await addEntry(page, 'not an address', 'a slip');
      await page.locator('input[aria-invalid="true"]').waitFor();
      expect(await page.getByLabel('Value').getAttribute('aria-invalid')).toBe('true');
      expect(await axeFindings(page)).toEqual([]);
    });
  });

  describe('webhooks', () => {
    it('are made with a secret that is shown once, disabled and removed', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { path: '/webhooks' });
      await page.getByLabel('Address').fill('https://other.example.com/in');
      await page.getByRole('button', { name: 'Make an endpoint' }).click();
      expect(await page.locator('.secret').textContent()).toMatch(/^whsec_/);
      await page.reload();
      await page.getByRole('button', { name: 'Disable other.example.com' }).click();
      await page.getByText('disabled by hand').waitFor();
      expect(await page.locator('.secret').count()).toBe(0);
      await page.getByRole('button', { name: 'Remove other.example.com' }).click();
      await page.getByRole('button', { name: 'Yes, remove other.example.com' }).click();
      await page.getByRole('button', { name: 'Remove other.example.com' }).waitFor({ state: 'detached' });
      const { body } = await service.call('GET', '/v1/webhook-endpoints');
      expect(body.data.map(({ url }: { url: string }) => url)).not.toContain('https://other.example.com/in');
    });

    it('have a secret that is not lost by looking elsewhere, nor by the next one, and is asked about before the page is left', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { path: '/webhooks' });
      for (const name of ['one', 'two']) {
        await page.getByLabel('Address').fill(`https://${name}.example.com/in`);
        await page.getByRole('button', { name: 'Make an endpoint' }).click();
        await page.getByText(`The secret of https://${name}.example.com/in`).waitFor();
      }
      const secrets = await page.locator('.secret').allTextContents();
      expect(new Set(secrets).size).toBe(2);
      await page.getByRole('link', { name: 'Rules' }).click();
      await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
      await page.goBack();
      await page.locator('.secret').first().waitFor();
      expect(await page.locator('.secret').allTextContents()).toEqual(secrets);
      const asked: string[] = [];
      page.once('dialog', (dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss();
      });
      await page.evaluate('setTimeout(() => location.reload())');
      await eventually(async () => asked.length > 0);
      expect(asked).toEqual(['beforeunload']);
      expect(await axeFindings(page)).toEqual([]);
      for (const name of ['one', 'two'])
        await page.getByRole('button', { name: `I have kept it : https://${name}.example.com/in` }).click();
      expect(await page.locator('.secret').count()).toBe(0);
    });

    it('are told apart by the names of their buttons, and so are their messages', async () => {
      const { service, browser } = world();
      const urls = ['https://twins.example.com/a', 'https://twins.example.com/b', 'https://twins.example.com/b'];
      for (const url of urls)
        await service.call('POST', '/v1/webhook-endpoints', { body: { url, events: ['case.opened'] } });
      await service.evaluate(aSignup('acct_told_thrice', 'hold'));
      const told = async () => (await service.call('GET', '/v1/webhook-deliveries')).body.data;
      await eventually(async () => (await told()).length >= urls.length);
      const page = await openConsole(browser, service, { path: '/webhooks' });
      await page.getByRole('button', { name: 'Remove twins.example.com/a' }).waitFor();
      await page
        .getByRole('button', { name: /^Send again/ })
        .nth(urls.length - 1)
        .waitFor();
      for (const name of [/^Disable/, /^Remove/, /^Make a new secret/, /^Send again/]) {
        const names = await page.getByRole('button', { name }).allTextContents();
        expect(new Set(names).size).toBe(names.length);
      }
    });

    it('are refused at the field where they would reach into the own network', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { path: '/webhooks' });
      await page.getByLabel('Address').fill('https://127.0.0.1/in');
      await page.getByRole('button', { name: 'Make an endpoint' }).click();
      await page.locator('input[type="url"][aria-invalid="true"]').waitFor();
    });
  });

  describe('the audit trail', () => {
    it('is filtered in the address, so that a view of it can be passed on', async () => {
      const { service, browser } = world();
      await service.evaluate(aSignup('acct_audited', 'hold'));
      const page = await openConsole(browser, service, { key: await keyOf(service, 'privacy'), path: '/audit' });
      await page.getByLabel('What').fill('decision.');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL(/kind=decision\./);
      await page.reload();
      await page.getByRole('cell', { name: 'acct_audited' }).waitFor();
      const kinds = await page.locator('tbody td:nth-child(3)').allTextContents();
      expect(new Set(kinds)).toEqual(new Set(['decision.recorded']));
    });
  });

  describe('privacy', () => {
    it('saves what is stored about an account, and erases it once its id was typed again', async () => {
      const { service, browser } = world();
      await service.evaluate(aSignup('acct_leaving', 'hold', { email: { address: 'leaving@mail.example' } }));
      const page = await openConsole(browser, service, { key: await keyOf(service, 'privacy'), path: '/privacy' });
      await page.getByLabel('Account').fill('acct_leaving');
      await page.getByRole('button', { name: 'Read what is stored' }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as a file' }).click(),
      ]);
      expect(await readFile(await file.path(), 'utf8')).toContain('leaving@mail.example');
      const erase = page.getByRole('button', { name: 'Erase for good' });
      await page.getByLabel('The same id once more').fill('acct_leavin');
      expect(await erase.isDisabled()).toBe(true);
      await page.getByLabel('The same id once more').fill('acct_leaving');
      await erase.click();
      await page.getByRole('heading', { name: 'Kept, and why' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });

    it('serves accounts whose ids are as long as ids may be', async () => {
      const { service, browser } = world();
      const page = await openConsole(browser, service, { key: await keyOf(service, 'privacy'), path: '/privacy' });
      for (const id of [`acct_${'n'.repeat(251)}`, `acct_${'\u{1F600}'.repeat(251)}`]) {
        await service.evaluate(aSignup(id, 'free', { event_id: `evt_${id.length}` }));
        await page.getByLabel('Account').fill('');
        // As a person does: a limit of the field cuts what is typed or pasted.
        await page.getByLabel('Account').focus();
        await page.keyboard.insertText(id);
        await page.getByRole('button', { name: 'Read what is stored' }).click();
        await page.getByRole('button', { name: 'Save as a file' }).waitFor();
      }
    });

    it('takes an appeal, which a case is about from then on', async () => {
      const { service, browser } = world();
      await service.evaluate(aSignup('acct_appealing', 'deny'));
      const page = await openConsole(browser, service, { key: await keyOf(service, 'privacy'), path: '/privacy' });
      await page.getByLabel('Account').fill('acct_appealing');
      await page.getByLabel('What they say').fill('I share the office with my colleagues.');
      await page.getByRole('button', { name: 'Take the appeal' }).click();
      await page.getByText(/^Taken as .* in case case_/).waitFor();
    });

    it('shows a reviewer what was said, and keeps whoever decided from deciding again', async () => {
      const { service, browser } = world();
      await service.evaluate(aSignup('acct_twice', 'free'));
      const [first, second] = [await keyOf(service, 'reviewer', 'first'), await keyOf(service, 'reviewer', 'second')];
      const headers = { authorization: `Bearer ${first}` };
      await service.call('POST', '/v1/accounts/acct_twice/deny', { body: { reason: 'looked odd' }, headers });
      await service.call('POST', '/v1/appeals', { body: { account_id: 'acct_twice', message: `${hostile}\nplease` } });
      for (const [key, words] of [
        [first, 'You decided about this account: its appeal is for another person.'],
        [second, /^For another person than first, who decided/],
      ] as const) {
        const page = await openConsole(browser, service, { key, path: '/queue?view=appeals' });
        await page.getByText('appealed', { exact: true }).first().waitFor();
        await page.getByRole('link', { name: 'acct_twice' }).click();
        await page.getByRole('heading', { name: 'Appeal', exact: true }).waitFor();
        await page.getByText(words).waitFor();
        expect(await page.locator('.said').textContent()).toContain('<img src=x onerror=alert(1)>');
        expect(await page.locator('.said img').count()).toBe(0);
        expect(await page.getByRole('button', { name: 'Claim (c)' }).isDisabled()).toBe(key === first);
        expect(await axeFindings(page)).toEqual([]);
      }
    });
  });
}
