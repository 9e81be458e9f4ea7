import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings, type Browser, startBrowser } from '../support/browser.js';
import { keyOf, layoutFaults, openConsole } from '../support/console-page.js';
import { eventually } from '../support/eventually.js';
import { ringRules } from '../support/ring-rules.js';
import { anEvent, type Service, startService } from '../support/service.js';
import { signUpMany } from '../support/sign-up-many.js';

const size = 420;
const rules = ringRules
  .replace('hub_cap: 20', 'hub_cap: 1000')
  .replace('points: min(40, ring.size)', 'points: 40\n    at_least: hold');

let service: Service;
let browser: Browser;
let ringId = '';
let sue: Page;
let ann: Page;

const held = async (): Promise<number> => {
  const { body } = await service.call('GET', `/v1/rings/${ringId}`);
  return Math.round((body.statistics?.held_share ?? 0) * body.size);
};
const stateOf = async (account: string): Promise<string> =>
  (await service.call('GET', `/v1/accounts/${account}`)).body.access.state;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService({ rules: { 'rules.yml': rules } }), startBrowser()]);
  const crowd = Array.from({ length: size }, (_, n) =>
    anEvent(`acct_ring_${n}`, { payment: { fingerprint: 'pm_shared' }, ip: `203.${n >> 8}.${n & 255}.7` }),
  );
  await signUpMany(service, crowd);
  await eventually(async () => {
    const [ring] = (await service.call('GET', '/v1/rings')).body.data;
    ringId = ring?.id ?? '';
    return ring?.size === size && (await held()) === size;
  });
  const open = async (name: string, theme: 'light' | 'dark') =>
    openConsole(browser, service, { path: '/rings', theme, key: await keyOf(service, 'senior', name) });
  [sue, ann] = await Promise.all([open('sue', 'light'), open('ann', 'dark')]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

async function tryOut(page: Page, decision: string, reason: string): Promise<void> {
  await page.getByLabel(decision).check();
  await page.getByLabel('Reason', { exact: true }).fill(reason);
  await page.getByRole('button', { name: 'Show what would happen' }).click();
  await page.getByRole('status', { name: 'What would happen' }).waitFor();
}

async function surely(page: Page, does: string): Promise<void> {
  await page.getByRole('button', { name: does, exact: true }).first().click();
  await page.getByRole('button', { name: /^Yes, / }).click();
}

describe('a ring of 420', () => {
  it('is in the list, and shows who is linked by what, as a picture and as a table, in either theme', async () => {
    await Promise.all(
      [sue, ann].map(async (page) => {
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
      }),
    );
  }, 60_000);

  it('shows all its members, a hundred at a time, and says where its figures stop', async () => {
    await sue.getByText('100 of 420 are shown').waitFor();
    await sue.getByText('256 or more networks').waitFor();
    for (const shown of [200, 300, 400, 420]) {
      await sue.getByRole('button', { name: 'Show more' }).click();
      await sue.getByText(`${shown} of 420 are shown`).waitFor();
    }
    expect(await sue.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    const boxes = sue.getByRole('checkbox', { name: /^Exclude acct_ring_/ });
    expect(new Set(await boxes.evaluateAll((all) => all.map((box) => box.ariaLabel))).size).toBe(size);
    await boxes.last().check();
    const written = await sue.getByLabel('Excluded accounts, one on each line').inputValue();
    expect(written).toMatch(/^acct_ring_\d+$/);
    await boxes.last().uncheck();
    await ann.setViewportSize({ width: 320, height: 640 });
    expect(await layoutFaults(ann)).toEqual([]);
    await ann.setViewportSize({ width: 1280, height: 800 });
    await ann.goto(`${service.url}/console/rings`);
    await ann.getByRole('cell', { name: '256 or more', exact: true }).waitFor();
    await ann.getByRole('link', { name: /^ring_/ }).click();
    await ann.getByRole('heading', { name: 'Members' }).waitFor();
  }, 60_000);

  it('is released by two people only', async () => {
    await tryOut(sue, 'Release its accounts', 'a class with one card');
    await sue.getByText(`${size} of ${size} accounts would be released. Nothing has been changed yet.`).waitFor();
    await sue.getByText('another senior has to confirm it').waitFor();
    expect(await axeFindings(sue)).toEqual([]);
    await sue.getByRole('button', { name: `Propose to release ${size} accounts` }).click();
    await sue.getByText('Release: waits for a second person').waitFor();
    await sue.getByText('You proposed it: somebody else has to confirm it.').waitFor();
    expect(await sue.getByRole('button', { name: 'Confirm the release' }).count()).toBe(0);
    expect(await stateOf('acct_ring_0')).toBe('held');

    await ann.getByText('Release: waits for a second person').waitFor();
    expect(await axeFindings(ann)).toEqual([]);
    await surely(ann, 'Confirm the release');
    await ann.getByText('Release: done').waitFor();
    await ann.getByText(`${size} of ${size} accounts`, { exact: false }).first().waitFor();
    expect(await stateOf('acct_ring_299')).toBe('admitted');
    await sue.getByText('Release: done').waitFor();
  }, 60_000);

  it('is as before when the release is taken back', async () => {
    await surely(ann, 'Take it back');
    await ann.getByText('Release: taken back').waitFor();
    await ann.getByText(`${size} as before again`).waitFor();
    expect(await stateOf('acct_ring_0')).toBe('held');
  }, 60_000);

  it('is denied without those who are left out, and the way back is one button', async () => {
    const excluded = sue.getByLabel('Excluded accounts, one on each line');
    await excluded.fill('acct_ring_1\nacct_rnig_2\nacct_ring_3\nnobody');
    await sue.getByLabel('Reason', { exact: true }).fill('one farm');
    await sue.getByRole('button', { name: 'Show what would happen' }).click();
    await sue.getByText('acct_rnig_2 is not in the ring.').waitFor();
    await sue.getByText('nobody is not in the ring.').waitFor();
    expect(await axeFindings(sue)).toEqual([]);
    await excluded.fill('');
    await sue.getByLabel('Exclude acct_ring_', { exact: false }).first().check();
    await tryOut(sue, 'Deny its accounts', 'one farm');
    await sue.getByText('1 excluded by you').waitFor();
    await sue.getByRole('button', { name: `Deny ${size - 1} accounts` }).click();
    await sue.getByText('Deny: done').waitFor();
    expect(await axeFindings(sue)).toEqual([]);
    await surely(sue, 'Take it back');
    await sue.getByText('Deny: taken back').waitFor();
    expect(await axeFindings(sue)).toEqual([]);
    await eventually(async () => (await held()) === size);
  }, 60_000);

  it('says why two members are linked, and lets go of a key that is marked as a hub', async () => {
    const [one, other] = [ann.getByLabel('Why is'), ann.getByLabel('linked with')];
    await one.selectOption({ index: 1 });
    await other.selectOption({ index: 2 });
    await ann.getByText('Both have the same card.').waitFor();
    await ann
      .getByRole('button', { name: /^Mark as a hub/ })
      .first()
      .click();
    const marking = ann.getByRole('form', { name: /^Mark as a hub/ });
    await marking.getByLabel('Reason', { exact: true }).fill('the card of a reseller');
    expect(await axeFindings(ann)).toEqual([]);
    await ann.keyboard.press('Enter');
    await ann
      .getByText('marked; the ring is being built again')
      .or(ann.getByText('Keys that people marked'))
      .first()
      .waitFor();
    await eventually(async () => (await service.call('GET', `/v1/rings/${ringId}`)).body.state === 'dissolved');
  }, 60_000);
});
