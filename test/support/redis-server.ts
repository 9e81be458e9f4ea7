import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedRedis } from '../../src/adapters/embedded/redis-server.js';

export interface TestRedis {
  readonly url: string;
  readonly pid: number;
  /** SIGSTOP: connections stay open and nothing answers; `thaw` undoes it. */
  freeze(): void;
  thaw(): void;
  /** kill -9, files kept until `stop`. */
  kill(): void;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

/** A real redis-server on a free port with its files in a temporary folder. */
export async function startRedis(): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'portcullis-redis-'));
  const server = await startEmbeddedRedis({ dir });
  return {
    url: server.url,
    pid: server.pid,
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    kill: () => void process.kill(server.pid, 'SIGKILL'),
    stop: async () => {
      try {
        process.kill(server.pid, 'SIGCONT');
      } catch {
        // It was killed by the test.
      }
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
