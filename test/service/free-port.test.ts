import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { adminKey, anEvent, ensureBuilt, projectRoot, spawnService } from '../support/service.js';

/** What it is told when it is ready. */
async function apiOf({ stdout }: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += chunk.toString();
    const found = /^ {2}API +(http:\S+)$/m.exec(said)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`it ended: ${said}`);
}

it('links for held people lead to the free port that the service was given', async () => {
  await ensureBuilt();
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-free-port-'));
  const service = spawnService({
    PORT: '0',
    DATA_DIR: dataDir,
    RULES_DIR: join(projectRoot, 'rules'),
    BOOTSTRAP_API_KEY: adminKey,
    LOG_LEVEL: 'error',
  });
  try {
    const api = await apiOf(service);
    expect(new URL(api).port).not.toBe('0');
    const post = (path: string, body?: object) =>
      fetch(api + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect((await post('/v1/evaluations', anEvent('acct_linked'))).status).toBe(200);
    const answer: { url?: string } = JSON.parse(
      await (await post('/v1/accounts/acct_linked/verification-link')).text(),
    );
    const { url = '' } = answer;
    expect(url.startsWith(`${api}/verify/`)).toBe(true);
    expect((await fetch(url)).status).toBe(200);
  } finally {
    service.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}, 60_000);
