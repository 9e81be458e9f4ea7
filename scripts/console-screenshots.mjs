/**
 * Pictures of the console for docs/console.md, from a service of its own that plays the demo.
 *
 *   npm run build && node scripts/console-screenshots.mjs [--all] [--sizes 1440,1100,820,640] [--out docs/images]
 *
 * Writes console-NAME.png for the pages that the docs show, and a few of them in the dark theme; with --all every page of the
 * registry in both themes and at each width of --sizes (640: what is left of 1280 at twice the size), for looking at (use another
 * folder). A picture over 150 KB for the docs is an error. CHROMIUM_PATH says where Chromium is.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '1100' },
    out: { type: 'string', default: join(root, 'docs/images') },
  },
});
const key = 'pk_admin_screens_0123456789abcdef0123456789';
const limitBytes = 150 * 1024;

/** Name of a picture, and in which themes the docs show it. */
const shown = {
  overview: ['light', 'dark'],
  queue: ['light'],
  case: ['light', 'dark'],
  rings: ['light'],
  ring: ['light'],
  rules: ['light'],
  rule: ['light'],
  lists: ['light'],
  webhooks: ['light'],
  audit: ['light'],
};

/** Pages that the usual height shows too little, or too much, of; in pixels. */
const heights = { overview: 900, queue: 600, ring: 640 };

/** The registry of pages, read from its source: each line of a path is followed by its title. */
async function readPages() {
  const source = await readFile(join(root, 'src/console/shell/pages.tsx'), 'utf8');
  return [...source.matchAll(/path: '([^']+)',\s+title: '([^']+)'/g)].map(([, path, title]) => ({
    path,
    name: title.toLowerCase().replaceAll(' ', '-'),
  }));
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

async function startDemo(home) {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    DATA_DIR: home,
    PORT: port,
    BOOTSTRAP_API_KEY: key,
    LOG_LEVEL: 'silent',
  };
  const child = spawn('node', ['--no-warnings', join(root, 'dist/main.js'), 'serve', '--demo'], { cwd: root, env });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  await new Promise((played, failed) => {
    const read = (chunk) => {
      output += chunk;
      if (output.includes('that was all')) played();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => failed(new Error(`the demo ended early:\n${output}`)));
  });
  const stop = () => {
    child.kill('SIGINT');
    return ended;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

const asker = (url) => async (path, body) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { headers, ...post });
  if (!response.ok) throw new Error(`${response.status} from ${path}: ${await response.text()}`);
  return response.json();
};

/** A few things that a day at work leaves and the demo does not: single cases of people, labels. */
async function workADay(ask) {
  const rings = (await ask('/v1/rings')).data;
  const { members } = await ask(`/v1/rings/${rings[0].id}`);
  const observedAt = new Date().toISOString();
  for (const [index, { account_id: id }] of members.slice(0, 9).entries())
    await ask(`/v1/accounts/${id}/labels`, {
      label: index === 8 ? 'honest' : 'fraud',
      source: 'chargebacks',
      observed_at: observedAt,
    });
  for (const plan of ['free', 'free', 'team', 'free', 'pro', 'free']) await ask('/v1/evaluations', suspect(plan));
}

let suspects = 0;
/** A script from a rented server that gives a throw-away address and contradicts itself. */
const suspect = (plan) => {
  const id = `acct_shown_${++suspects}`;
  return {
    type: 'signup',
    event_id: `evt_shown_${suspects}`,
    account: { id, plan },
    ip: `5.9.${40 + suspects * 7}.${suspects + 9}`,
    user_agent:
      'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36',
    email: { address: `x${suspects}9q${suspects}k7@mailinator.com` },
    device: { fingerprint: `fp_shown_${suspects % 2}`, webdriver: true, platform: 'Win32' },
  };
};

/** Where the links of a page with a variable part are. */
const parentOf = (path) =>
  path
    .replace(/^\/cases\/:id$/, '/queue')
    .replace(/\/:[a-z]+.*$/, '')
    .replace('/rulesets', '/rules');

/** An address for a path with a variable part: what the API or a page above it leads to; undefined when there is none. */
async function addressOf(path, { ask, page, url }) {
  if (!path.includes(':')) return path;
  if (path.startsWith('/cases/')) return `/cases/${(await ask('/v1/cases?state=open')).data[0].id}`;
  if (path.startsWith('/rings/')) return `/rings/${(await ask('/v1/rings')).data[0].id}`;
  if (path.startsWith('/rulesets/'))
    return path.replace(':hash', encodeURIComponent((await ask('/v1/rulesets/current')).hash));
  if (path.startsWith('/rules/')) return '/rules/device-many-accounts';
  await page.goto(`${url}/console${parentOf(path)}`);
  const start = `/console${path.slice(0, path.indexOf(':'))}`;
  const link = page.locator(`main a[href^="${start}"]`).first();
  await link.waitFor({ timeout: 3_000 }).catch(() => undefined);
  return (await link.count()) === 0 ? undefined : (await link.getAttribute('href')).slice('/console'.length);
}

async function signIn(browser, { url, theme }) {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width: 1100, height: 680 },
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto(`${url}/console/`);
  await page.getByLabel('Your key').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

/** Half as wide and high at twice the size: as a browser zooms. */
const heightOf = (width, name) => (width <= 640 ? 480 : (heights[name] ?? 680));

async function openAt(page, { url, address }) {
  await page.goto(`${url}/console${address}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('load');
  // Lazy parts and graphs come to rest.
  await page.waitForTimeout(1_200);
}

async function picture(page, { file, name, width }) {
  await page.setViewportSize({ width, height: heightOf(width, name) });
  await page.evaluate(() => globalThis.scrollTo(0, 0));
  await page.waitForTimeout(250);
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  if (!options.all && size > limitBytes) throw new Error(`${file} has ${Math.round(size / 1024)} KB: over 150`);
  process.stdout.write(`${file} (${Math.round(size / 1024)} KB)\n`);
}

const home = await mkdtemp(join(tmpdir(), 'portcullis-screens-'));
let demo;
let browser;
try {
  await mkdir(options.out, { recursive: true });
  demo = await startDemo(home);
  const ask = asker(demo.url);
  await workADay(ask);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    env: { ...process.env, HOME: home },
  });
  for (const theme of ['light', 'dark']) {
    const page = await signIn(browser, { url: demo.url, theme });
    for (const { path, name } of await readPages()) {
      if (!options.all && !shown[name]?.includes(theme)) continue;
      const address = await addressOf(path, { ask, page, url: demo.url });
      if (address === undefined) process.stdout.write(`${path}: nothing to show\n`);
      else {
        const shownAt = name === 'overview' ? `${address}?hours=1` : address;
        await openAt(page, { url: demo.url, address: shownAt });
        for (const width of options.sizes.split(',').map(Number)) {
          const size = width === 1100 ? '' : `-${width}`;
          const file = join(options.out, `console-${name}${size}${theme === 'dark' ? '-dark' : ''}.png`);
          await picture(page, { file, name, width });
        }
      }
    }
  }
} finally {
  await browser?.close();
  await demo?.stop();
  await rm(home, { recursive: true, force: true });
}
