import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startEmbeddedRedis } from '../../src/adapters/embedded/redis-server.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-embedded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = () => startEmbeddedRedis({ dir: folder, cacheDir: join(folder, 'cache') });

describe('the embedded Redis server', () => {
  it('keeps what was written across a stop and a start', async () => {
    const first = await start();
    const writer = new Redis(first.url);
    await writer.set('kept', 'yes');
    writer.disconnect();
    await first.stop();
    const second = await start();
    const reader = new Redis(second.url);
    expect(await reader.get('kept')).toBe('yes');
    reader.disconnect();
    await second.stop();
  });

  it('answers nobody without the password', async () => {
    const server = await start();
    const stranger = new Redis({
      port: Number(new URL(server.url).port),
      host: '127.0.0.1',
      retryStrategy: () => null,
    });
    stranger.on('error', () => {});
    await expect(stranger.get('x')).rejects.toThrow(/NOAUTH|closed/);
    stranger.disconnect();
    await server.stop();
  });

  it('ends one that an earlier run left behind before it starts another', async () => {
    const left = await start();
    const second = await start();
    expect(second.pid).not.toBe(left.pid);
    expect(() => process.kill(left.pid, 0)).toThrow();
    await second.stop();
    await left.stop();
  });
});
