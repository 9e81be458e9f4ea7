import type { Page } from 'playwright-core';
import type { Browser, PageOptions } from './browser.js';
import { adminKey, type Service } from './service.js';

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
  const page = await browser.pageOf(`${key} at ${service.url}`);
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
