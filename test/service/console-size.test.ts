import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { ensureBuilt, projectRoot } from '../support/service.js';

const limitBytes = 150 * 1024;
const built = join(projectRoot, 'dist/console');

/** A script and all that it cannot run without; what is imported when needed is not among it. */
async function scriptsFrom(name: string, found: Map<string, string>): Promise<void> {
  if (found.has(name)) return;
  const text = await readFile(join(built, 'assets', name), 'utf8');
  found.set(name, text);
  const imports = text.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g);
  await Promise.all([...imports].map(([, one = '']) => scriptsFrom(one, found)));
}

it('the console asks for less than 150 KB of script, packed, before anything is shown', async () => {
  await ensureBuilt();
  const page = await readFile(join(built, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="[^"]*\/assets\/([^"]+\.js)"/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(0);
  const scripts = new Map<string, string>();
  for (const name of named) await scriptsFrom(name, scripts);
  const sizes = [...scripts].map(([name, text]) => ({ name, bytes: gzipSync(text).length }));
  const total = sizes.reduce((all, { bytes }) => all + bytes, 0);
  expect({ isSmall: total < limitBytes, total, sizes }).toMatchObject({ isSmall: true });
  // React is among it: the sum is that of the whole first load, not of a stub.
  expect(total).toBeGreaterThan(50 * 1024);
});
