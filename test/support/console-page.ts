import type { Page } from 'playwright-core';
import type { Browser, PageOptions } from './browser.js';
import { adminKey, type Service } from './service.js';

/** A page of the console, signed in with this key, at this path. */
export async function openConsole(
  browser: Browser,
  service: Service,
  { path = '/queue', key = adminKey, ...options }: PageOptions & { readonly path?: string; readonly key?: string } = {},
): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(`${service.url}/console${path}`);
  await page.getByLabel('Your key').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

/** A key of this role. */
export async function keyOf(service: Service, role: string, name: string = role): Promise<string> {
  const { body } = await service.call('POST', '/v1/keys', { body: { role, name } });
  return body.secret;
}
