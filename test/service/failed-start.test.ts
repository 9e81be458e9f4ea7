import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { ensureBuilt, projectRoot } from '../support/service.js';

/** Composes a service and does nothing else: the process ends by itself where nothing is left running. */
const program = `
  const [{ composeService }, { readConfig }, { createLogger }] = await Promise.all(
    ['compose', 'config', 'telemetry/logger'].map((name) => import(process.argv[2] + '/dist/' + name + '.js')),
  );
  const { config } = readConfig({ ...process.env, NODE_ENV: 'development' });
  const log = createLogger({ level: 'error', destination: { write: () => undefined } });
  await composeService(config, log).catch(({ message }) => console.log('failed:', message));
`;

it('a start that fails at its last step leaves nothing running behind, stores of its own included', async () => {
  await ensureBuilt();
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-failed-start-'));
  const script = join(dataDir, 'start.mjs');
  await writeFile(script, program);
  // A folder where the key for trying would be written.
  await mkdir(join(dataDir, 'secrets', 'bootstrap-key'), { recursive: true, mode: 0o700 });
  const child = spawn(process.execPath, [script, projectRoot], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, RULES_DIR: 'rules' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const ended = once(child, 'exit');
    expect(await text(child.stdout)).toMatch(/^failed: \S+\/secrets\/bootstrap-key /);
    expect((await ended)[0]).toBe(0);
  } finally {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}, 60_000);
