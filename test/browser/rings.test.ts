import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { openConsole } from '../support/console-page.js';
import { ringRules } from '../support/ring-rules.js';
import { anEvent, type Service, startService } from '../support/service.js';

let service: Service;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService({ rules: { 'rules.yml': ringRules } }), startBrowser()]);
  for (let n = 1; n <= 6; n++)
    await service.evaluate(anEvent(`acct_ring_${n}`, { payment: { fingerprint: 'pm_shared' }, ip: `203.0.${n}.7` }));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

describe('the page of a ring', () => {
  it('shows who is linked by what, as a picture and as a table, and axe finds nothing in either theme', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const page = await openConsole(browser, service, { path: '/rings?state=open', theme });
      await page.getByRole('link', { name: /^ring_/ }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Members' }).waitFor();
      await page.getByRole('cell', { name: 'acct_ring_6', exact: true }).waitFor();
      await page.locator('.graph-frame canvas').first().waitFor();
      await page
        .getByRole('cell', { name: /acct_ring_1, acct_ring_2|acct_ring_/ })
        .first()
        .waitFor();
      expect(await axeFindings(page)).toEqual([]);
    }
  });
});
