import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { adminKey, ensureBuilt, projectRoot } from '../support/service.js';

it('the demo fills a service with honest people, who are admitted, and two rings, which are found out', async () => {
  await ensureBuilt();
  const home = await mkdtemp(join(tmpdir(), 'portcullis-demo-'));
  const port = await freePort();
  const child = spawn('node', ['--no-warnings', join(projectRoot, 'dist/main.js'), 'serve', '--demo'], {
    cwd: projectRoot,
    // A database that is somebody's: the demo must not touch it.
    env: {
      ...process.env,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/real',
      DATA_DIR: home,
      PORT: String(port),
      BOOTSTRAP_API_KEY: adminKey,
      LOG_LEVEL: 'silent',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const ended = once(child, 'exit');
  try {
    while (!output.includes('that was all') && child.exitCode === null) await once(child.stdout, 'data');
    // On a slow machine a counter may be late once, which limits: nobody honest is held.
    expect(output.match(/people who have nothing to do with each other: \d+ admitted(, \d limited)?\./g)).toHaveLength(
      2,
    );
    const found = [
      ...output.matchAll(/ring_\w+: (\d+) accounts are linked, (\d+) of them held; one case for all: case_\w+/g),
    ];
    expect(found.map(([, size]) => size)).toEqual(['12', '12']);
    for (const [, size, held] of found) expect(Number(held)).toBeGreaterThanOrEqual(Number(size) - 1);
    expect(output).toContain(`kept in ${join(home, 'demo')}`);
    expect(output.match(/found out at its \d+(st|nd|rd|th) account/g)).toHaveLength(2);
    const cases = await fetch(`http://127.0.0.1:${port}/v1/cases?state=open`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    const { data } = (await cases.json()) as { data: { whole_ring: boolean }[] };
    expect(data.filter((one) => one.whole_ring)).toHaveLength(2);
  } finally {
    child.kill('SIGINT');
    await ended;
    await rm(home, { recursive: true, force: true });
  }
  expect(child.exitCode).toBe(0);
}, 90_000);
