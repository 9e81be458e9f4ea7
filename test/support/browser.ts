import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const axeScript = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Debian's Chromium, as a person would have it: no network but the service's. */
export interface Browser {
  /** A page of its own, with cookies of its own: another person at another desk. */
  newPage(options?: PageOptions): Promise<Page>;
  /** The one page of this person, with their cookies, as it was left: a sign-in and scripts in the cache serve many tests. */
  pageOf(person: string): Promise<Page>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // One process less for each browser; nothing is drawn by a graphics card anyway.
  '--in-process-gpu',
  '--disable-extensions',
  // A page that is looked at for seconds gains nothing from being optimised.
  '--js-flags=--interrupt-budget=1000000',
];

export async function startBrowser(): Promise<Browser> {
  const home = await mkdtemp(join(tmpdir(), 'portcullis-browser-'));
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: switches, env: { ...process.env, HOME: home } });
  const contexts: BrowserContext[] = [];
  const pages = new Map<string, Promise<Page>>();
  // Nothing moves: what axe looks at is as it stays.
  const newContext = async ({ theme = 'light', width = 1280, height = 800 }: PageOptions): Promise<BrowserContext> => {
    const viewport = { width, height };
    const context = await browser.newContext({ colorScheme: theme, viewport, reducedMotion: 'reduce' });
    contexts.push(context);
    return context;
  };
  return {
    async newPage(options = {}) {
      return (await newContext(options)).newPage();
    },
    pageOf(person) {
      const page = pages.get(person) ?? newContext({}).then((context) => context.newPage());
      pages.set(person, page);
      return page;
    },
    async close() {
      await Promise.allSettled(contexts.map((context) => context.close()));
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What axe finds on the page as it is shown now, one line each; none is what we want. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // The page's policy allows no script of ours to be added; the browser's own way in does.
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(await readFile(axeScript, 'utf8'));
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window.
    const { violations } = await (globalThis as any).axe.run({ resultTypes: ['violations'], preload: false });
    // biome-ignore lint/suspicious/noExplicitAny: its results are looked at here only.
    return violations.map(({ id, help, nodes }: any) => `${id}: ${help}: ${nodes[0]?.html ?? ''}`);
  });
}
