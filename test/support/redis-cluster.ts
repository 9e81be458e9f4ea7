import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { environmentOf, findRedisServer } from '../../src/adapters/embedded/find-redis-server.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

export interface TestCluster {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  stop(): Promise<void>;
}

/** One node that has all slots: as strict about keys in different slots as a cluster of many. `password`: of all who come. */
export async function startRedisCluster(password = ''): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'portcullis-redis-cluster-'));
  const program = await findRedisServer({ cacheDir: dir });
  if (program === undefined) throw new Error('no redis-server found');
  const node = { host: '127.0.0.1', port: await freePort() };
  const address = ['--port', `${node.port}`, '--bind', node.host, '--cluster-announce-ip', node.host];
  const settings = [...address, '--dir', dir, '--save', '', '--cluster-enabled', 'yes', '--requirepass', password];
  const child = spawn(program.command, settings, { env: environmentOf(program), stdio: 'ignore' });
  const admin = new Redis({ ...node, password, retryStrategy: () => 50, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await eventually(async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  admin.disconnect();
  return {
    nodes: [node],
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
