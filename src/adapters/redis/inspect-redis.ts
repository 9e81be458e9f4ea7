import type { Redis } from 'ioredis';
import { isDatabaseRefused } from './connection.js';

export interface RedisCondition {
  readonly version: string;
  readonly hasAof: boolean;
  /** Bytes; 0: no limit. */
  readonly maxmemory: number;
  readonly policy: string;
  /** Records, since it started, because its memory was full. */
  readonly dropped: number;
  /** Its clock against ours. */
  readonly aheadMs: number;
}

const patienceMs = 3000;

/** Asks a server how it is set up, without writing anything; rejects when it cannot be asked. */
export const inspectRedis = (url: string): Promise<RedisCondition> => askOnce(url, conditionOf);

/** What Redis says to the number of the database; undefined where it has one, or does not answer now. */
export async function databaseRefusal(url: string): Promise<string | undefined> {
  try {
    await askOnce(url, async () => undefined);
  } catch (error) {
    if (isDatabaseRefused(error)) return error.message;
  }
  return undefined;
}

async function askOnce<T>(url: string, ask: (client: Redis) => Promise<T>): Promise<T> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    disconnectTimeout: 200,
    // It is INFO that we ask ourselves; the client would print that it may not.
    enableReadyCheck: false,
  });
  let failure: Error | undefined;
  client.on('error', (error: Error) => {
    failure = error;
  });
  try {
    await client.connect();
    // A database that it does not have keeps the client from nothing.
    if (failure !== undefined) throw failure;
    return await ask(client);
  } catch (error) {
    throw failure ?? error;
  } finally {
    client.disconnect();
  }
}

async function conditionOf(client: Redis): Promise<RedisCondition> {
  const lines = fieldsOf(await client.info());
  const asked = Date.now();
  const [seconds, micros] = await client.time();
  const middle = (asked + Date.now()) / 2;
  return {
    version: lines.get('redis_version') ?? 'unknown',
    hasAof: lines.get('aof_enabled') === '1',
    maxmemory: Number(lines.get('maxmemory') ?? 0),
    policy: lines.get('maxmemory_policy') ?? 'unknown',
    dropped: Number(lines.get('evicted_keys') ?? 0),
    aheadMs: Number(seconds) * 1000 + Number(micros) / 1000 - middle,
  };
}

const fieldsOf = (info: string): ReadonlyMap<string, string> =>
  new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
