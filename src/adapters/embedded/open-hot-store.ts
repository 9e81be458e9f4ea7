import { join } from 'node:path';
import { openRedis, type RedisAddressing, type RedisConnection } from '../redis/connection.js';
import { databaseRefusal } from '../redis/inspect-redis.js';
import { rewriteLog } from '../redis/rewrite-log.js';
import { type EmbeddedRedisOptions, startEmbeddedRedis } from './redis-server.js';

export interface HotStore {
  /** For further clients: the queue's. */
  readonly addressing: RedisAddressing;
  /** In the path of answers. */
  readonly hot: RedisConnection;
  /** For the gate, which must not wait behind evaluations: a server takes turns with its connections. */
  readonly gate: RedisConnection;
  /** For relay and reconciler. */
  readonly relay: RedisConnection;
  readonly description: string;
  /** The embedded server: writes its files anew, without what was deleted. Nobody else's files are ours to rewrite. */
  readonly rewriteFiles?: () => Promise<void>;
  close(): Promise<void>;
}

interface HotStoreOptions {
  readonly addressing: RedisAddressing;
  readonly dataDir: string;
  readonly onError: (error: Error) => void;
  readonly log: NonNullable<EmbeddedRedisOptions['log']>;
}

const hostsOf = ({ url, nodes }: RedisAddressing): string =>
  nodes?.map(({ host, port }) => `${host}:${port}`).join(', ') ?? new URL(url ?? '').host;

/** What is wrong is told at the start, not by whoever looks for the keys. */
async function needDatabase({ url }: RedisAddressing): Promise<void> {
  const number = url === undefined ? '' : new URL(url).pathname.slice(1);
  if (url === undefined || Number(number) === 0) return;
  const refusal = await databaseRefusal(url);
  if (refusal === undefined) return;
  throw new Error(`REDIS_URL: Redis at ${hostsOf({ url })} gives no database ${number} (${refusal})`);
}

/**
 * The Redis that is named, else a redis-server child of our own. Does not wait for a named one: it may come later; throws
 * where one is there and has no such database.
 */
export async function openHotStore({ addressing, dataDir, onError, log }: HotStoreOptions): Promise<HotStore> {
  const isNamed = addressing.url !== undefined || (addressing.nodes?.length ?? 0) > 0;
  await needDatabase(addressing);
  const own = isNamed
    ? undefined
    : await startEmbeddedRedis({ dir: join(dataDir, 'redis'), cacheDir: join(dataDir, 'cache'), log });
  const target = own === undefined ? addressing : { url: own.url };
  const hot = await openRedis(target, 'hot', onError);
  const gate = await openRedis(target, 'gate', onError);
  const relay = await openRedis(target, 'relay', onError);
  if (own !== undefined) await Promise.all([hot.ready(10_000), gate.ready(10_000)]);
  return {
    addressing: target,
    hot,
    gate,
    relay,
    description: own === undefined ? `Redis at ${hostsOf(addressing)}` : `embedded (redis-server, process ${own.pid})`,
    ...(own === undefined ? {} : { rewriteFiles: () => rewriteLog(relay) }),
    async close() {
      await Promise.all([hot.close(), gate.close(), relay.close()]);
      await own?.stop();
    },
  };
}
