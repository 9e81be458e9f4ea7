import type { Page } from 'playwright-core';
import type { Browser, PageOptions } from './browser.js';
import { adminKey, aSignup, type Service } from './service.js';

/** Their one page, where nothing is opened yet. */
export const pageOf = (browser: Browser, service: Service, key: string): Promise<Page> =>
  browser.pageOf(`${key} at ${service.url}`);

/** The page of whoever has this key, signed in, at this path: one for each key, so that tests share it one after the other. */
export async function openConsole(
  browser: Browser,
  service: Service,
  {
    path = '/queue',
    key = adminKey,
    theme = 'light',
    width = 1280,
    height = 800,
  }: PageOptions & { readonly path?: string; readonly key?: string } = {},
): Promise<Page> {
  const page = await pageOf(browser, service, key);
  await Promise.all([page.emulateMedia({ colorScheme: theme }), page.setViewportSize({ width, height })]);
  await page.goto(`${service.url}/console${path}`);
  const navigation = page.getByRole('navigation', { name: 'Pages' });
  const field = page.getByLabel('Your key');
  await navigation.or(field).first().waitFor();
  if (await field.isVisible()) {
    await field.fill(key);
    await page.keyboard.press('Enter');
  }
  await navigation.waitFor();
  return page;
}

/** A case of its own for this account, held by the rules, open and claimed in the page of whoever has this key. */
export async function openClaimedCase(
  browser: Browser,
  service: Service,
  { account, key }: { readonly account: string; readonly key: string },
): Promise<{ readonly page: Page; readonly id: string }> {
  const id = (await service.evaluate(aSignup(account, 'hold'))).case_id ?? '';
  const page = await openConsole(browser, service, { path: `/cases/${id}`, key });
  await page.getByText('Nobody has this case').waitFor();
  await page.keyboard.press('c');
  await page.getByRole('form', { name: 'Decision' }).waitFor();
  return { page, id };
}

const keys = new Map<string, Promise<string>>();

/** A key of this role; the same again for the same name. */
export function keyOf(service: Service, role: string, name: string = role): Promise<string> {
  const person = `${role} ${name} at ${service.url}`;
  const key = keys.get(person) ?? newKey(service, role, name);
  keys.set(person, key);
  return key;
}

async function newKey(service: Service, role: string, name: string): Promise<string> {
  const { body } = await service.call('POST', '/v1/keys', { body: { role, name } });
  return body.secret;
}

/**
 * What a narrow window spoils: a page that has to be scrolled sideways, and names and controls that lie upon each other or
 * stand outside of the window. What scrolls within a frame of its own is left out.
 */
export const layoutFaults = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth - width;
    const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.scroll, .toasts, .unseen, .skip');
    const shown = [...document.querySelectorAll('a, button, input, select, textarea, h1, h2, .brand, .liveness')]
      .filter(isShown)
      .map((one) => ({ one, boxes: [...one.getClientRects()], box: one.getBoundingClientRect(), name: one.tagName + ' ' + (one.innerText || one.id).slice(0, 30) }))
      .filter(({ box }) => box.width > 0 && box.height > 0);
    const inQueue = ({ one }) => one.closest('.queue') !== null;
    // A link that goes on in the next line is two boxes.
    const meet = (a, b) => a.boxes.some((part) => b.boxes.some((other) => cross(part, other)));
    const cross = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    const overlaps = shown.flatMap((a, index) => shown.slice(index + 1)
      .filter((b) => inQueue(a) === inQueue(b) && !a.one.contains(b.one) && !b.one.contains(a.one) && meet(a, b))
      .map((b) => a.name + ' lies upon ' + b.name));
    const outside = shown.filter(({ box }) => box.right > width + 1).map(({ name }) => name + ' is cut off');
    return [...(wide > 0 ? [wide + ' pixels too wide'] : []), ...overlaps, ...outside];
  })()`);
