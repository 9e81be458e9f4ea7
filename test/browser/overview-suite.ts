import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings } from '../support/browser.js';
import { keyOf, openConsole } from '../support/console-page.js';
import { aSignup } from '../support/service.js';
import type { ConsoleWorld } from './console-world.js';

const tile = (page: Page, title: string): Promise<string | null> =>
  page.getByRole('listitem').filter({ hasText: title }).first().textContent();

/** Of an installation where nobody has signed up yet. */
export function overviewSuite(world: () => ConsoleWorld): void {
  it('an empty installation shows what to paste; then who came, what became of them, and what is new', async () => {
    const { service, browser } = world();
    const page = await openConsole(browser, service, { path: '/' });
    await page.getByText('Nobody has signed up').waitFor();
    expect(await page.locator('main pre').textContent()).toContain(`${service.url}/v1/evaluations`);
    expect(await axeFindings(page)).toEqual([]);

    for (const [index, plan] of ['free', 'free', 'free', 'hold'].entries())
      await service.evaluate(aSignup(`acct_overview_${index}`, plan));
    await page.goto(`${service.url}/console/overview?hours=1`);
    await page.locator('.uplot').waitFor();
    expect(await tile(page, 'Admitted')).toContain('75 %');
    expect(await tile(page, 'Held')).toContain('1 signup');
    expect(await tile(page, 'Cases waiting')).toContain('None is late');
    expect(await tile(page, 'Precision')).toContain('not known');
    await page.getByText('The same as a table').click();
    const held = (await page.locator('figure tbody td:nth-child(4)').allTextContents()).map(Number);
    expect(held.reduce((all, one) => all + one, 0)).toBe(1);
    await page.getByText(/^Rule set .* came into use/).waitFor();
  });

  it('leads nobody to a page that their key may not open', async () => {
    const { service, browser } = world();
    const page = await openConsole(browser, service, { path: '/overview', key: await keyOf(service, 'author') });
    await page.locator('.uplot, .state').first().waitFor();
    expect(await page.locator('main a[href^="/console/queue"]').count()).toBe(0);
  });
}
