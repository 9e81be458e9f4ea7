import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedRedis } from '../../../src/adapters/embedded/redis-server.js';
import { openRedis } from '../../../src/adapters/redis/connection.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'portcullis-embedded-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function ask(url: string, command: string, ...parameters: string[]): Promise<unknown> {
  const redis = await openRedis({ url }, 'relay');
  try {
    await redis.ready(500);
    return await redis.call(command, ...parameters);
  } finally {
    await redis.close();
  }
}

describe('the embedded Redis', () => {
  it('keeps what was written over a clean stop and asks for a password', async () => {
    const first = await startEmbeddedRedis({ dir });
    expect(await ask(first.url, 'SET', 'kept', 'yes')).toBe('OK');
    await expect(ask(first.url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'PING')).rejects.toThrow();
    await first.stop();
    const second = await startEmbeddedRedis({ dir });
    expect(await ask(second.url, 'GET', 'kept')).toBe('yes');
    await second.stop();
  });

  it('replaces a server that outlived its run in the same folder', async () => {
    const stale = await startEmbeddedRedis({ dir });
    const fresh = await startEmbeddedRedis({ dir });
    expect(fresh.pid).not.toBe(stale.pid);
    expect(await ask(fresh.url, 'PING')).toBe('PONG');
    await expect(ask(stale.url, 'PING')).rejects.toThrow();
    await fresh.stop();
  }, 20_000);

  it('says in one line what to do where there is no server and none can be had', async () => {
    const none = startEmbeddedRedis({ dir, names: ['no-such-server-program'], cacheDir: join(dir, 'appendonlydir', 'missing', '\0') });
    await expect(none).rejects.toThrow(/^no redis-server found: install it .* or set REDIS_URL$/);
  });
});
