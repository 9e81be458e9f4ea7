import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { within } from '../within.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { Script } from './script.js';

export type RedisClient = Redis | Cluster;

/** All nodes of a cluster have the same user, password and TLS. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: boolean | undefined;
}

export interface RedisAddressing {
  /** redis:// or rediss://; ignored when `nodes` are given. */
  readonly url?: string | undefined;
  /** Some nodes of a cluster. */
  readonly nodes?: readonly RedisNode[] | undefined;
}

/**
 * hot: evaluations; a call fails within 100 ms, at once while disconnected. gate: within 50. relay: background writes with
 * more patience. producer: adds jobs, bounded. worker: BullMQ's blocking reads, which must never give up.
 */
type RedisPurpose = 'hot' | 'gate' | 'relay' | 'producer' | 'worker';

/** For ever, from 50 ms to 2 s. */
const retryStrategy = (attempt: number): number => Math.min(50 * attempt, 2000);

const bounded = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // ioredis waits this long for a connection to end, even for one that has ended: it would hold up the process's own end.
  disconnectTimeout: 200,
};

type ClientOptions = Omit<RedisOptions, 'replyMapping'>;
type Guarded = 'hot' | 'gate' | 'relay';

/** A command that ran out of time may still run later: every write is idempotent, by event id or version. */
const patienceMs: Readonly<Record<Guarded, number>> = { hot: 100, gate: 50, relay: 2000 };
/** Longer than any call waits: for what the client asks by itself on its way into a connection. */
const handshake = { commandTimeout: 3000 };
/**
 * A connection that is silent for so long is made anew: nobody may be at its other end any more, and without this the system
 * would try for a quarter of an hour. A server that only stalls for a moment keeps it.
 */
const silence = { socketTimeout: 5000 };

const optionsOf: Readonly<Record<RedisPurpose, ClientOptions>> = {
  hot: { ...bounded, ...handshake, ...silence, connectTimeout: 200 },
  gate: { ...bounded, ...handshake, ...silence, connectTimeout: 200 },
  relay: { ...bounded, ...handshake, ...silence, connectTimeout: 1000 },
  producer: { ...bounded, commandTimeout: 1000, connectTimeout: 500 },
  worker: { maxRetriesPerRequest: null, connectTimeout: 1000 },
};

/** A client that reconnects in the background for ever; `onError` hears of every failure, so that none is fatal. */
export async function createRedisClient(
  addressing: RedisAddressing,
  purpose: RedisPurpose,
  onError: (error: Error) => void = () => undefined,
): Promise<RedisClient> {
  const ioredis = await import('ioredis');
  const options: ClientOptions = { ...optionsOf[purpose], connectionName: `portcullis-${purpose}` };
  const [node] = addressing.nodes ?? [];
  const client =
    addressing.nodes !== undefined && node !== undefined
      ? new ioredis.Cluster(
          addressing.nodes.map(({ host, port }) => ({ host, port })),
          {
            redisOptions: { ...options, ...entranceOf(node) },
            clusterRetryStrategy: retryStrategy,
            enableOfflineQueue: purpose === 'worker',
            slotsRefreshTimeout: 1000,
            // A certificate is for a name: addresses that were looked up would not fit it.
            ...(node.tls === true ? { dnsLookup: (host, found) => found(null, host) } : {}),
          },
        )
      : new ioredis.Redis(addressing.url ?? 'redis://127.0.0.1:6379', { ...options, retryStrategy });
  client.on('error', (error: Error) => {
    // Else the client would go on in database 0, which may be somebody else's.
    if (isDatabaseRefused(error) && 'stream' in client) client.stream?.destroy();
    onError(withReason(error));
  });
  return client;
}

/** Redis has no database of the number that REDIS_URL names, or does not let this user into it. */
export const isDatabaseRefused = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError' && 'command' in error && isSelect(error.command);

const isSelect = (command: unknown): boolean =>
  typeof command === 'object' && command !== null && 'name' in command && command.name === 'select';

const entranceOf = ({ username, password, tls }: RedisNode): ClientOptions => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls === true ? { tls: {} } : {}),
});

/** Of a cluster that lets nobody in, the client says that it failed, and keeps to itself what the last node said. */
function withReason(error: Error): Error {
  const last = 'lastNodeError' in error ? error.lastNodeError : undefined;
  return last instanceof Error ? new Error(`${error.message} ${last.message}`, { cause: last }) : error;
}

/** What adapters see of Redis. Both reject on any failure; adapters turn that into a value. */
export interface RedisConnection {
  call(command: string, ...parameters: readonly (string | number)[]): Promise<unknown>;
  run(script: Script, keys: readonly string[], parameters: readonly (string | number)[]): Promise<unknown>;
  /** A script without keys on each server that writes: its answer, or the error it answered with. Rejects when one is away. */
  runEverywhere(script: Script): Promise<readonly unknown[]>;
  /** A command without keys on each server that writes: its answers. Rejects when one is away, or refuses. */
  callEverywhere(command: string, ...parameters: readonly (string | number)[]): Promise<readonly unknown[]>;
  /** All keys that match, page by page, of every node; a key may come twice. */
  scan(pattern: string, visit: (keys: readonly string[]) => Promise<void>): Promise<void>;
  readonly isAvailable: boolean;
  /** How often it was made: whoever is at its other end now may not be who was there before. */
  readonly connections: number;
  /** Keys live on several servers: one call cannot take them all. */
  readonly isCluster: boolean;
  /** Resolves when it can be used; rejects after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A server that answered with an error is there, save while it loads its files or waits for its primary. */
const isOutage = (error: unknown): boolean =>
  !(error instanceof Error) || error.name !== 'ReplyError' || /^(LOADING|MASTERDOWN|CLUSTERDOWN)/.test(error.message);

const isUnknownScript = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT');

class GuardedConnection implements RedisConnection {
  readonly isCluster: boolean;
  connections = 0;
  private readonly breaker: CircuitBreaker;
  private isGathering = false;

  constructor(
    private readonly client: RedisClient,
    private readonly patienceMs: number,
  ) {
    this.isCluster = client.isCluster;
    client.on('ready', () => {
      this.connections += 1;
    });
    this.breaker = new CircuitBreaker({ probe: () => this.send('PING'), isOutage });
  }

  get isAvailable(): boolean {
    return this.client.status === 'ready' && !this.breaker.isOpen;
  }

  call(command: string, ...parameters: readonly (string | number)[]): Promise<unknown> {
    this.gather();
    return this.breaker.run(() => this.send(command, ...parameters));
  }

  run(script: Script, keys: readonly string[], parameters: readonly (string | number)[]): Promise<unknown> {
    this.gather();
    const what = [keys.length, ...keys, ...parameters];
    return this.breaker.run(() => this.evaluate(this.client, script, what), script.isPerKey ? keys.length : 1);
  }

  runEverywhere(script: Script): Promise<readonly unknown[]> {
    const ask = (server: RedisClient): Promise<unknown> =>
      this.evaluate(server, script, [0]).catch((error: unknown) => {
        if (isOutage(error)) throw error;
        return error;
      });
    return this.breaker.run(() => Promise.all(this.servers().map(ask)));
  }

  callEverywhere(command: string, ...parameters: readonly (string | number)[]): Promise<readonly unknown[]> {
    const ask = (server: RedisClient): Promise<unknown> => within(server.call(command, ...parameters), this.patienceMs);
    return this.breaker.run(() => Promise.all(this.servers().map(ask)));
  }

  async scan(pattern: string, visit: (keys: readonly string[]) => Promise<void>): Promise<void> {
    for (const node of this.servers()) {
      let cursor = '0';
      do {
        const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 500);
        if (keys.length > 0) await visit(keys);
        cursor = next;
      } while (cursor !== '0');
    }
  }

  async ready(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await this.answers())) {
      if (performance.now() >= deadline) throw new Error('Redis did not answer');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    this.breaker.stop();
    this.client.disconnect();
  }

  /**
   * What all requests of one turn of the event loop ask goes out as one write: a write for each command is what calling
   * Redis costs most. Nothing waits longer than the turn.
   */
  private gather(): void {
    const stream = 'stream' in this.client ? this.client.stream : undefined;
    if (stream === undefined || stream === null || this.isGathering) return;
    this.isGathering = true;
    stream.cork();
    setImmediate(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }

  private servers(): Redis[] {
    return 'nodes' in this.client ? this.client.nodes('master') : [this.client];
  }

  private async evaluate(server: RedisClient, script: Script, what: readonly (string | number)[]): Promise<unknown> {
    try {
      return await within(server.call('EVALSHA', script.sha, ...what), this.patienceMs);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return within(server.call('EVAL', script.lua, ...what), this.patienceMs);
    }
  }

  private send(command: string, ...parameters: readonly (string | number)[]): Promise<unknown> {
    return within(this.client.call(command, ...parameters), this.patienceMs);
  }

  private answers(): Promise<boolean> {
    return this.send('PING').then(
      () => true,
      () => false,
    );
  }
}

/** A connection with a circuit breaker; does not wait for the server: `ready` does. */
export async function openRedis(
  addressing: RedisAddressing,
  purpose: Guarded = 'hot',
  onError?: (error: Error) => void,
): Promise<RedisConnection> {
  return new GuardedConnection(await createRedisClient(addressing, purpose, onError), patienceMs[purpose]);
}
