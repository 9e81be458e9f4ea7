import { expect, it } from '@jest/globals';
import { axeFindings } from '../support/browser.js';
import { adminKey } from '../support/service.js';
import type { ConsoleWorld } from './console-world.js';

/** How the console is entered and left. */
export function signInSuite(world: () => ConsoleWorld): void {
  it('is opened with a key, shows what is going on, and axe finds nothing in either theme', async () => {
    const { service, browser } = world();
    for (const theme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ theme });
      await page.goto(`${service.url}/console/`);
      await page.getByLabel('Your key').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByLabel('Your key').fill(adminKey);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  it('says what is wrong with a key that is not known', async () => {
    const { service, browser } = world();
    const page = await browser.newPage();
    await page.goto(`${service.url}/console/`);
    await page.getByLabel('Your key').fill('pk_reviewer_nobody');
    await page.keyboard.press('Enter');
    await page.getByText('this key is not known here').waitFor();
  });

  it('keeps the session in a cookie that scripts cannot read, and ends it when asked', async () => {
    const { service, browser } = world();
    const page = await browser.newPage();
    await page.goto(`${service.url}/console/`);
    await page.getByLabel('Your key').fill(adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: '__Host-portcullis', httpOnly: true, secure: true, sameSite: 'Strict' });
    expect(cookie?.value).not.toContain(adminKey);
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('button', { name: /Sign out/ }).click();
    await page.getByLabel('Your key').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
}
