import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { keyOf, openClaimedCase, openConsole, pageOf } from '../support/console-page.js';
import { eventually } from '../support/eventually.js';
import { aSignup, type Service, startService } from '../support/service.js';

let service: Service;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

const claimed = (account: string, key: string) => openClaimedCase(browser, service, { account, key });

const noteOf = (page: Page) => page.getByRole('form', { name: 'Note' }).getByLabel('Note');
const reasonOf = (page: Page) => page.getByRole('form', { name: 'Decision' }).getByLabel('Reason', { exact: true });
const live = (page: Page) => page.getByRole('status').filter({ hasText: /^live$/ });

/** As when it has run out: whatever the page asks for next is refused. */
async function endSession(page: Page, id: string): Promise<void> {
  await page.context().clearCookies();
  await service.call('POST', `/v1/cases/${id}/notes`, { body: { text: 'a colleague was here' } });
  await page.getByLabel('Your key').waitFor();
}

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Your key').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

describe('what a reviewer has written and not sent', () => {
  it('is there again after the session has ended, which the sign-in page says', async () => {
    const key = await keyOf(service, 'reviewer', 'interrupted');
    const { page, id } = await claimed('acct_interrupted', key);
    await live(page).waitFor();
    await page.keyboard.press('r');
    await reasonOf(page).fill('three cards, one device');
    await noteOf(page).fill('asked the bank, answer on Monday');
    await endSession(page, id);
    await page.getByText('Your session has ended. What you have written and not sent is kept').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain('Monday');
    await page.getByLabel('Your key').fill('pk_reviewer_mistyped');
    await page.keyboard.press('Enter');
    await page.getByText('this key is not known here').waitFor();
    await signIn(page, key);
    await page.waitForURL((url) => url.pathname.endsWith(id));
    expect(await noteOf(page).inputValue()).toBe('asked the bank, answer on Monday');
    expect(await reasonOf(page).inputValue()).toBe('three cards, one device');
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  });

  it('goes with the decision when it stands in the note, and is gone from the page then', async () => {
    const key = await keyOf(service, 'reviewer', 'decider');
    const { page, id } = await claimed('acct_noted', key);
    await noteOf(page).fill('the card is stolen, says the bank');
    await page.getByRole('heading', { name: 'Why' }).click();
    await page.keyboard.press('r');
    await page.getByText('which is not added yet, goes with the decision').waitFor();
    await page.getByRole('form', { name: 'Decision' }).getByLabel('Note (optional)').fill('see the chargeback');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reject (Enter)' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(id));
    const { body } = await service.call('GET', `/v1/cases/${id}`);
    const decided = body.timeline.find((entry: { kind: string }) => entry.kind === 'decided');
    expect(decided.detail.note).toBe('see the chargeback\n\nthe card is stolen, says the bank');
    await page.goto(`${service.url}/console/cases/${id}`);
    await page.getByText('Decided: reject by you').waitFor();
    expect(await noteOf(page).inputValue()).toBe('');
  });

  it('is there after going to the queue and back, where the queue names the case', async () => {
    const key = await keyOf(service, 'reviewer', 'wanderer');
    const { page, id } = await claimed('acct_wandered', key);
    await noteOf(page).fill('half a thought');
    await page.getByRole('link', { name: 'Queue' }).click();
    await page.getByText('You have written something, and not sent it, in').waitFor();
    await page.goBack();
    await page.waitForURL((url) => url.pathname.endsWith(id));
    expect(await noteOf(page).inputValue()).toBe('half a thought');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await eventually(async () => (await noteOf(page).inputValue()) === '');
    await page.getByRole('link', { name: 'Queue' }).click();
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
    expect(await page.getByText('You have written something').count()).toBe(0);
  });

  it('is asked about before the page is left, and lost only by who says so', async () => {
    const key = await keyOf(service, 'reviewer', 'leaver');
    const { page } = await claimed('acct_left', key);
    await noteOf(page).click();
    await page.keyboard.type('nearly done');
    const asked: string[] = [];
    page.once('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.evaluate('setTimeout(() => location.reload())');
    await eventually(async () => asked.length > 0);
    expect(asked).toEqual(['beforeunload']);
    expect(await noteOf(page).inputValue()).toBe('nearly done');
    await page.getByRole('button', { name: /^Sign out/ }).click();
    await page.getByRole('button', { name: /^Sign out and lose what is not sent/ }).click();
    await page.getByLabel('Your key').waitFor();
    expect(await page.getByText('Your session has ended').count()).toBe(0);
  });

  it('is not shown to somebody else who signs in at the same desk', async () => {
    const key = await keyOf(service, 'reviewer', 'first at the desk');
    const { page, id } = await claimed('acct_desk', key);
    await live(page).waitFor();
    await noteOf(page).fill('mine alone');
    await endSession(page, id);
    await signIn(page, await keyOf(service, 'reviewer', 'second at the desk'));
    await noteOf(page).waitFor();
    expect(await noteOf(page).inputValue()).toBe('');
  });
});

describe('a decision whose answer is lost', () => {
  it('is found in the case, and can be taken back as any other', async () => {
    const { page, id } = await claimed('acct_lost_answer', await keyOf(service, 'reviewer', 'cut short'));
    await page.route('**/decisions', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('r');
    await reasonOf(page).fill('three cards, one device');
    await page.keyboard.press('Enter');
    await page.getByText('Decided: reject by you').waitFor();
    await page.getByRole('button', { name: /^Undo/ }).waitFor();
    // All of it went with the decision.
    expect(await noteOf(page).inputValue()).toBe('');
    await page.keyboard.press('u');
    await page.getByText('Nobody has this case').waitFor();
    expect((await service.call('GET', `/v1/cases/${id}`)).body).toMatchObject({ state: 'open', decision: null });
    await page.unroute('**/decisions');
  });

  it('is offered for taking back only where it was made', async () => {
    const { page } = await claimed('acct_never_asked', await keyOf(service, 'reviewer', 'not heard'));
    await page.route('**/decisions', (route) => route.abort());
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await page.getByText('It is not known whether it was done').waitFor();
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
    await page.unroute('**/decisions');
  });
});

// Nothing else happens meanwhile that would have the page ask anew.
describe('what is erased', () => {
  it('is gone from a page that a colleague has open', async () => {
    const id = (await service.evaluate(aSignup('acct_erased', 'hold'))).case_id;
    await service.call('POST', `/v1/cases/${id}/notes`, { body: { text: 'her name is Jane' } });
    await service.call('POST', '/v1/appeals', { body: { account_id: 'acct_erased', message: 'I am Jane Doe' } });
    const page = await openConsole(browser, service, {
      path: `/cases/${id}`,
      key: await keyOf(service, 'reviewer', 'looks on'),
    });
    await page.getByText('I am Jane Doe').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('her name is Jane').waitFor();
    await live(page).waitFor();
    await page.evaluate('window.isStillThis = true');
    expect((await service.call('DELETE', '/v1/subjects/acct_erased')).status).toBe(200);
    await page.getByText('What was said has been erased.').waitFor();
    const shown = async (): Promise<string> => (await page.locator('main').textContent()) ?? '';
    await eventually(async () => !(await shown()).includes('Jane'));
    expect(await page.evaluate('window.isStillThis')).toBe(true);
  });
});

const signOut = (page: Page) => page.getByRole('button', { name: /^Sign out/ }).click();

describe('who signs out', () => {
  it('gives back the cases they had, and whoever comes after them has none', async () => {
    const { page, id } = await claimed('acct_given_back', await keyOf(service, 'reviewer', 'going home'));
    await signOut(page);
    await page.getByLabel('Your key').waitFor();
    expect(await page.evaluate('sessionStorage.getItem("portcullis.claims")')).not.toContain(id);
    expect((await service.call('GET', `/v1/cases/${id}`)).body).toMatchObject({ state: 'open', claimed_by: null });
    await signIn(page, await keyOf(service, 'reviewer', 'night shift'));
    await page.getByText('Nobody has this case').waitFor();
    expect(await page.getByRole('form', { name: 'Decision' }).count()).toBe(0);
  });

  it('is not taken for the next one either where the session just ended', async () => {
    const { page, id } = await claimed('acct_ended', await keyOf(service, 'reviewer', 'called away'));
    await live(page).waitFor();
    await endSession(page, id);
    await signIn(page, await keyOf(service, 'reviewer', 'came instead'));
    await page.getByText('called away has this case').waitFor({ timeout: 5_000 });
    expect(await page.getByRole('form', { name: 'Decision' }).count()).toBe(0);
  });

  it('is told where the service cannot be reached: what they saw is gone, their session may go on', async () => {
    const { page, id } = await claimed('acct_cut_off', await keyOf(service, 'reviewer', 'cut off'));
    const failures: string[] = [];
    page.on('pageerror', ({ message }) => void failures.push(message));
    await page.route('**/v1/**', (route) => route.abort());
    await signOut(page);
    await page.getByText('You may still be signed in: the service cannot be reached').waitFor();
    expect(await page.getByText('acct_cut_off').count()).toBe(0);
    expect(await page.evaluate('sessionStorage.getItem("portcullis.claims")')).not.toContain(id);
    expect(await axeFindings(page)).toEqual([]);
    await page.unroute('**/v1/**');
    expect(await page.context().cookies()).toHaveLength(1);
    await page.getByRole('button', { name: 'Sign out now' }).click();
    await page.getByText('You may still be signed in').waitFor({ state: 'detached' });
    await page.getByLabel('Your key').waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(failures).toEqual([]);
  });
});

/** As WCAG has it, of what is written on an element to what it is written on. */
const contrast = `((button) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const { color, backgroundColor } = getComputedStyle(button);
  const [a, b] = [light(color), light(backgroundColor)].sort((one, other) => other - one);
  return (a + 0.05) / (b + 0.05);
})(document.querySelector('button.primary:disabled'))`;

describe('a service that hangs', () => {
  it('is not called live, and nothing that was asked of it is said to be done, or not done', async () => {
    const key = await keyOf(service, 'reviewer', 'patient');
    const waiting = await pageOf(browser, service, key);
    await waiting.clock.install();
    const { page, id } = await claimed('acct_stalled', key);
    await live(page).waitFor();
    process.kill(service.pid, 'SIGSTOP');
    try {
      await page.keyboard.press('r');
      await page.keyboard.press('Enter');
      await page.locator('button.primary:disabled').waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await page.evaluate(contrast)).toBeGreaterThan(4.5);
      }
      expect(await live(page).count()).toBe(1);
      await page.clock.fastForward(13_000);
      await page.getByText(/^not live since \d/).waitFor();
      const unknown = page.getByText('It is not known whether it was done: the service does not answer. Look again');
      expect(await unknown.count()).toBe(0);
      await page.clock.fastForward(8_000);
      // It looks by itself first, which is in vain too.
      await page.clock.fastForward(15_000);
      await unknown.waitFor();
      expect(await page.getByText('Rejected.').count()).toBe(0);
    } finally {
      process.kill(service.pid, 'SIGCONT');
    }
    await live(page).waitFor();
    const { body } = await service.call('GET', `/v1/cases/${id}`);
    const times = body.timeline.filter((entry: { kind: string }) => entry.kind === 'decided').length;
    expect(times).toBeLessThanOrEqual(1);
    if (times === 1) await page.getByText('Decided: reject by you').waitFor();
    else expect(await reasonOf(page).inputValue()).toBe('fraudulent');
  }, 90_000);
});
