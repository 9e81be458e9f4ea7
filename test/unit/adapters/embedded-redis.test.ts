import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmbeddedRedis } from '../../../src/adapters/embedded/redis-server.js';
import { openRedis } from '../../../src/adapters/redis/connection.js';
import { eventually } from '../../support/eventually.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'portcullis-embedded-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

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
  it('keeps what was written over a clean stop', async () => {
    const first = await startEmbeddedRedis({ dir });
    expect(await ask(first.url, 'SET', 'kept', 'yes')).toBe('OK');
    await first.stop();
    const second = await startEmbeddedRedis({ dir });
    expect(await ask(second.url, 'GET', 'kept')).toBe('yes');
    await second.stop();
  });

  it('answers nobody without the password', async () => {
    const server = await startEmbeddedRedis({ dir });
    const { host } = new URL(server.url);
    for (const stranger of [`redis://${host}`, `redis://:wrong@${host}`])
      await expect(ask(stranger, 'PING')).rejects.toThrow();
    await server.stop();
  });

  it('is started again, at the same address and with its data, when it ends by itself', async () => {
    const said: string[] = [];
    const tell = (_fields: object, message: string): void => void said.push(message);
    const server = await startEmbeddedRedis({ dir, log: { info: tell, warn: tell } });
    expect(await ask(server.url, 'SET', 'kept', 'yes')).toBe('OK');
    const { pid } = server;
    process.kill(pid, 'SIGTERM');
    await eventually(async () => said.at(-1) === 'the embedded redis-server is back');
    expect(said[0]).toBe('the embedded redis-server has ended and is started again');
    expect(server.pid).not.toBe(pid);
    expect(await ask(server.url, 'GET', 'kept')).toBe('yes');
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow();
  });

  it('replaces a server that outlived its run in the same folder', async () => {
    const stale = await startEmbeddedRedis({ dir });
    const fresh = await startEmbeddedRedis({ dir });
    expect(fresh.pid).not.toBe(stale.pid);
    expect(() => process.kill(stale.pid, 0)).toThrow();
    expect(await ask(fresh.url, 'PING')).toBe('PONG');
    await expect(ask(stale.url, 'PING')).rejects.toThrow();
    await fresh.stop();
    await stale.stop();
  }, 20_000);

  it('says in one line what to do where there is no server and none can be had', async () => {
    const cacheDir = join(dir, 'missing', '\0');
    const none = startEmbeddedRedis({ dir, names: ['no-such-server-program'], cacheDir });
    await expect(none).rejects.toThrow(/^no redis-server found: install it .* or set REDIS_URL$/);
  });
});
