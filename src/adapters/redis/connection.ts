import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** Where Redis is: one server by URL, or the nodes of a cluster. */
export type RedisAddress =
  | { readonly url: string }
  | { readonly nodes: readonly { readonly host: string; readonly port: number }[] };

export type RedisClient = Redis | Cluster;

/**
 * What a client is for decides how it fails.
 * - `hot`: in the path of an answer. Fails in 100 ms when Redis stalls, at once when it is gone; queues nothing and
 *   repeats nothing. (ioredis by itself waits for ever on a stalled server.)
 * - `background`: relay, reconciler, queue producer. Bounded, a little more patient.
 * - `worker`: BullMQ's blocking reads, which want to wait for ever.
 */
export type RedisPurpose = 'hot' | 'background' | 'worker';

/** Reconnects for ever, quickly at first. */
const retryStrategy = (attempts: number): number => Math.min(50 * attempts, 1000);

const optionsFor: Readonly<Record<RedisPurpose, RedisOptions>> = {
  hot: {
    commandTimeout: 100,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 200,
  },
  background: {
    commandTimeout: 2000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 1000,
  },
  worker: { maxRetriesPerRequest: null, connectTimeout: 1000 },
};

/** Connects in the background; errors go to `onError` (they also fail the calls concerned). */
export function connectRedis(
  address: RedisAddress,
  purpose: RedisPurpose,
  onError: (error: Error) => void = () => {},
): RedisClient {
  const options: RedisOptions = { ...optionsFor[purpose], retryStrategy };
  const client =
    'url' in address
      ? new Redis(address.url, options)
      : new Cluster([...address.nodes], {
          redisOptions: options,
          enableOfflineQueue: purpose === 'worker',
          clusterRetryStrategy: retryStrategy,
        });
  client.on('error', onError);
  return client;
}

/** Ends the connection without waiting for a server that may be gone. */
export const disconnectRedis = (client: RedisClient): void => client.disconnect();
