import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../src/adapters/embedded/redis-server.js';

/** A real redis-server on a free port with its data in a temporary folder; `stop` leaves nothing behind. */
export async function startTestRedis(): Promise<EmbeddedRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-redis-'));
  const server = await startEmbeddedRedis({ dataDir: folder, cacheDir: join(folder, 'cache') });
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
