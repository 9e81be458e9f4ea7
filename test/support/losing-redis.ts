import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { environmentOf, findRedisServer } from '../../src/adapters/embedded/find-redis-server.js';
import { freePort } from './free-port.js';

export interface LosingRedis {
  readonly url: string;
  /** Writes down what there is: nothing that comes later outlives the server. */
  keep(): Promise<void>;
  /** kill -9, and again at the same address with what was kept; resolves when it answers. */
  lose(): Promise<void>;
  stop(): Promise<void>;
}

/** A redis-server that keeps what it was told to keep, as one that loses its last seconds. */
export async function startLosingRedis(): Promise<LosingRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'portcullis-redis-losing-'));
  const program = await findRedisServer({ cacheDir: dir });
  if (program === undefined) throw new Error('no redis-server found');
  const port = await freePort();
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'];
  const admin = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 20, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(program.command, settings, { env: environmentOf(program), stdio: 'ignore' });
    await admin.ping();
    return child;
  };
  let child = await start();
  const kill = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    keep: async () => void (await admin.save()),
    async lose() {
      await kill();
      child = await start();
    },
    async stop() {
      admin.disconnect();
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
