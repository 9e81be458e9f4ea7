import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { adminKey, ensureBuilt, freePort, projectRoot } from '../support/service.js';

it('the demo fills a service with honest people, who are admitted, and two rings, which are found out', async () => {
  await ensureBuilt();
  const home = await mkdtemp(join(tmpdir(), 'portcullis-demo-'));
  const port = await freePort();
  const child = spawn('node', ['--no-warnings', join(projectRoot, 'dist/main.js'), 'serve', '--demo'], {
    cwd: projectRoot,
    env: { ...process.env, DATA_DIR: home, PORT: String(port), BOOTSTRAP_API_KEY: adminKey, LOG_LEVEL: 'silent' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const ended = once(child, 'exit');
  try {
    while (!output.includes('that was all') && child.exitCode === null) await once(child.stdout, 'data');
    expect(output.match(/people who have nothing to do with each other: \d+ admitted\./g)).toHaveLength(2);
    const found = [...output.matchAll(/ring_\w+: (\d+) accounts are linked, (\d+) of them held/g)];
    expect(found.map(([, size]) => size)).toEqual(['12', '12']);
    for (const [, size, held] of found) expect(Number(held)).toBeGreaterThanOrEqual(Number(size) - 1);
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
