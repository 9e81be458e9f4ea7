import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { keyOf, openConsole } from '../support/console-page.js';
import { eventually } from '../support/eventually.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { signUpMany } from '../support/sign-up-many.js';

let service: Service;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

const hold = (account: string, more = {}) => service.evaluate(aSignup(account, 'hold', more));

async function decisions(prefix: string): Promise<readonly (string | null)[]> {
  const { body } = await service.call('GET', '/v1/cases?state=decided&limit=200');
  return body.data
    .filter((one: { account_id: string }) => one.account_id.startsWith(prefix))
    .map((one: { decision: string }) => one.decision);
}

describe('a reviewer at the console', () => {
  it('works twenty cases by keyboard only: three keys a case, the next one opens by itself', async () => {
    const twenty = Array.from({ length: 20 }, (_none, index) => aSignup(`acct_keys_${index}`, 'hold'));
    await signUpMany(service, twenty);
    const page = await openConsole(browser, service);
    await page.getByRole('row').nth(5).waitFor();
    await page.keyboard.press('N');
    for (let done = 1; done <= 20; done++) {
      await page.getByRole('form', { name: 'Decision' }).waitFor();
      await page.keyboard.press(done % 2 === 0 ? 'a' : 'r');
      await page.getByLabel('Reason', { exact: true }).waitFor();
      const shown = page.url();
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.href !== shown);
    }
    await page.getByText('The queue is empty').waitFor();
    const ended = await decisions('acct_keys_');
    expect(ended.filter((one) => one === 'approve')).toHaveLength(10);
    expect(ended.filter((one) => one === 'reject')).toHaveLength(10);
  }, 120_000);

  it('takes a decision back with one key, and the case is open again', async () => {
    const { case_id } = await hold('acct_undo');
    const key = await keyOf(service, 'reviewer', 'second thoughts');
    const page = await openConsole(browser, service, { path: `/cases/${case_id}`, key });
    await page.getByText('Nobody has this case').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('form', { name: 'Decision' }).waitFor();
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Undo/ }).waitFor();
    expect((await service.gate({ accountId: 'acct_undo' })).headers['x-risk-state']).toBe('denied');
    await page.keyboard.press('u');
    await page.getByText('Nobody has this case').waitFor();
    const found = async () => (await service.call('GET', `/v1/cases/${case_id}`)).body;
    await eventually(async () => (await found()).state === 'open');
    expect((await found()).decision).toBeNull();
  });

  it('goes on in a new tab with the case of one that was closed', async () => {
    const { case_id } = await hold('acct_closed_tab');
    const key = await keyOf(service, 'reviewer', 'of two tabs');
    const path = `/cases/${case_id}`;
    const first = await openConsole(browser, service, { path, key });
    await first.getByRole('button', { name: 'Claim (c)' }).click();
    await first.getByRole('form', { name: 'Decision' }).waitFor();
    await first.goto('about:blank');
    const second = await first.context().newPage();
    await second.goto(`${service.url}/console${path}`);
    await second.getByText('You have this case elsewhere').waitFor();
    await second.getByRole('button', { name: 'Claim (c)' }).click();
    await second.getByRole('form', { name: 'Decision' }).waitFor();
    await second.close();
  });

  it('meets a colleague on one case: one has it, the other is told who and then what was decided', async () => {
    const { case_id } = await hold('acct_two');
    const [key, other] = await Promise.all([keyOf(service, 'reviewer', 'one'), keyOf(service, 'reviewer', 'two')]);
    const path = `/cases/${case_id}`;
    const [first, second] = await Promise.all([
      openConsole(browser, service, { path, key }),
      openConsole(browser, service, { path, key: other }),
    ]);
    await second.getByText('Nobody has this case').waitFor();
    await first.getByRole('button', { name: 'Claim (c)' }).click();
    await first.getByRole('form', { name: 'Decision' }).waitFor();
    await second.getByText('one has this case').waitFor();
    await second.getByRole('button', { name: 'Claim (c)' }).click();
    await second.getByText(/Not claimed/).waitFor();
    await first.keyboard.press('r');
    await first.keyboard.press('Enter');
    await second.getByText('Decided: reject by one.').waitFor();
    expect(await second.getByText(/key_01/).count()).toBe(0);
  });

  it('sees what a stranger wrote as text only, with hidden marks shown', async () => {
    const id = `<img src=x onerror=alert(1)>\u202Eevil\u200B${'x'.repeat(180)}`;
    const { case_id } = await hold(id, { event_id: 'evt_hostile' });
    const page = await openConsole(browser, service, { path: `/cases/${case_id}` });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
    await page.getByText('U+202E').first().waitFor();
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(dialogs).toEqual([]);
  });

  it('opens a reason to what its rule read, beside what is usual among people let in before', async () => {
    await signUpMany(
      service,
      Array.from({ length: 25 }, (_none, index) => aSignup(`acct_usual_${index}`, 'free')),
    );
    const { case_id, reasons } = await hold('acct_unusual');
    expect(Object.keys(reasons[0]?.evidence ?? {})).not.toEqual([]);
    const page = await openConsole(browser, service, { path: `/cases/${case_id}` });
    await page.locator('.reasons summary').first().click();
    await page
      .locator('.usual')
      .filter({ hasText: /^(?:usually .*; as much or more|the same) for (?:none|\d+) of \d+$/ })
      .first()
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('leaves a case to a colleague, who has it among their own', async () => {
    const { case_id } = await hold('acct_for_another');
    const other = await keyOf(service, 'reviewer', 'colleague');
    const { body } = await service.call('GET', '/v1/session', { headers: { authorization: `Bearer ${other}` } });
    const page = await openConsole(browser, service, { path: `/cases/${case_id}` });
    await page.getByText('Nobody has this case').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('form', { name: 'Decision' }).waitFor();
    await page.keyboard.press('A');
    const field = page.getByLabel('Key of the person');
    await field.fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('expected the id of a key that may decide cases').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await field.fill(body.key_id);
    await page.keyboard.press('Enter');
    await page.getByText('for colleague', { exact: true }).waitFor();
    await page.getByText('Nobody has this case').waitFor();
    const theirs = await openConsole(browser, service, { key: other, path: '/queue?view=mine' });
    await theirs.getByRole('link', { name: 'acct_for_another' }).waitFor();
  });

  it('goes on when the service restarts under an open page', async () => {
    await hold('acct_before');
    const page = await openConsole(browser, service);
    await page.getByText('acct_before').waitFor();
    await service.stop();
    await page.getByText(/^not live since/).waitFor();
    await service.start();
    await page
      .getByRole('status')
      .filter({ hasText: /^live$/ })
      .waitFor();
    await hold('acct_after');
    await page.getByText('acct_after').waitFor();
  }, 60_000);

  it('finds nothing wrong by axe on the queue and on a case, in both themes, and leaves it to a senior', async () => {
    const { case_id } = await hold('acct_axe');
    const page = await openConsole(browser, service);
    const inBothThemes = async (): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeFindings(page)).toEqual([]);
      }
    };
    await page.getByText('acct_axe').waitFor();
    await inBothThemes();
    await page.getByRole('link', { name: 'acct_axe' }).click();
    await page.getByText('Nobody has this case').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('form', { name: 'Decision' }).waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Reason', { exact: true }).waitFor();
    await inBothThemes();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Escalate/ }).click();
    await page.getByLabel('What should they look at?').fill('two documents, two names');
    await inBothThemes();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.href.endsWith(String(case_id)));
    expect((await service.call('GET', `/v1/cases/${case_id}`)).body).toMatchObject({ state: 'open', escalated: true });
  });
});
