import { Socket } from 'node:net';
import type { ClientConfig, Pool, PoolClient, QueryConfig } from 'pg';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Database, Queryable } from './database.js';

interface PostgresOptions {
  /** From the call to its end, waiting for a connection included; then the call fails. */
  readonly callTimeoutMs?: number;
  /** The server's own limit for a statement: a moment less by default, so that it is the first to give up. */
  readonly statementTimeoutMs?: number;
  readonly maxConnections?: number;
  /** Calls that may wait for a connection; one more fails at once. */
  readonly maxWaiting?: number;
  /** False = open it also when the server is slow at this moment: somebody with more patience has seen that it is there. */
  readonly probe?: boolean;
  /** Told when a connection breaks; the pool replaces it by itself. */
  readonly onConnectionError?: (error: Error) => void;
}

/**
 * The server gives a statement up before its caller does: the connection is kept then. A new one takes a tenth of a second
 * to make on a busy machine, and many calls would need one at the same time when what they waited for is over.
 */
const serverGivesUpMs = 30;
/** Made at the start and kept although nothing is asked: who asks after a quiet time finds them. */
const keptConnections = 4;
/** A handshake goes on when its caller has given up, and the next caller has the connection: a busy machine gets there. */
const handshakeMs = 2000;
/** For calls under way to end, and for the server to hear that we go. */
const goodbyeMs = 2000;
/** Schema changes may wait for locks and write much. */
const scriptTimeoutMs = 120_000;
const int8Oid = 20;

/** pg reads it from a query's config and does not declare it. */
interface TimedQuery extends QueryConfig {
  query_timeout: number;
}

class PooledDatabase implements Database {
  constructor(
    private readonly pool: Pool,
    private readonly callTimeoutMs: number,
    private readonly maxWaiting: number,
    private readonly sockets: ReadonlySet<Socket>,
  ) {}

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const deadline = performance.now() + this.callTimeoutMs;
    return this.withClient((client) => timedQuery<Row>(client, sql, parameters, deadline));
  }

  script(sql: string): Promise<void> {
    return this.withClient((client) => runScript(client, sql));
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.connect();
    const tx = handleOf(client, this.callTimeoutMs);
    try {
      await tx.query('begin');
      const result = await work(tx);
      await tx.query('commit');
      client.release();
      return result;
    } catch (error) {
      // A connection that cannot roll back is thrown away; the server rolls back when it goes.
      await tx.query('rollback').then(
        () => client.release(isReadOnly(error)),
        () => client.release(true),
      );
      throw error;
    }
  }

  /** In good order where the server answers; a server that hangs is not waited for. */
  async close(): Promise<void> {
    const cut = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, goodbyeMs);
    await this.pool.end();
    clearTimeout(cut);
  }

  private connect(): Promise<PoolClient> {
    // A call waits a moment for an idle connection too.
    const { waitingCount, idleCount } = this.pool;
    if (waitingCount < this.maxWaiting + idleCount) return inTime(this.pool.connect(), this.callTimeoutMs);
    return Promise.reject(new StoreUnavailable('too many calls wait for a database connection'));
  }

  private async withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(error instanceof StoreUnavailable && !wasGivenUp(error));
      throw error;
    }
  }
}

/** A connection that comes too late for its caller is the next one's. */
function inTime(connecting: Promise<PoolClient>, timeoutMs: number): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new StoreUnavailable('no database connection in time'));
    }, timeoutMs);
    const settle = (client: PoolClient): void => {
      clearTimeout(timer);
      if (isLate) client.release();
      else resolve(client);
    };
    connecting.catch(asUnavailable).then(settle, (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

const sqlState = (error: unknown): string | undefined =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^(?=.*[0-9])[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;

/** A primary no longer: a new connection may find the one that has taken over. */
const isReadOnly = (error: unknown): boolean => error instanceof StoreUnavailable && sqlState(error.cause) === '25006';

/** By the server, in good order. */
const wasGivenUp = (error: StoreUnavailable): boolean => sqlState(error.cause) === '57014';

/**
 * A statement that was refused stays the error it is. No SQLSTATE (time ran out, socket broke) or one of the server's
 * own troubles (connection, resources, shutdown, time limit, no writes) means that the truth cannot be had now.
 */
function asUnavailable(error: unknown): never {
  const state = sqlState(error);
  if (state !== undefined && !/^(08|53|57|58|25006)/.test(state)) throw error;
  throw new StoreUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
}

async function timedQuery<Row>(
  client: PoolClient,
  sql: string,
  parameters: readonly unknown[],
  deadline: number,
): Promise<Row[]> {
  const query: TimedQuery = {
    text: sql,
    values: [...parameters],
    query_timeout: Math.max(1, Math.ceil(deadline - performance.now())),
  };
  const result = await client.query<Row & object>(query).catch(asUnavailable);
  return result.rows;
}

async function runScript(client: PoolClient, sql: string): Promise<void> {
  const query: TimedQuery = { text: sql, query_timeout: scriptTimeoutMs };
  await client.query(query).catch(asUnavailable);
}

const handleOf = (client: PoolClient, callTimeoutMs: number): Queryable => ({
  query: (sql, parameters = []) => timedQuery(client, sql, parameters, performance.now() + callTimeoutMs),
  script: (sql) => runScript(client, sql),
});

function kept(socket: Socket, sockets: Set<Socket>): Socket {
  sockets.add(socket);
  return socket.once('close', () => sockets.delete(socket));
}

/**
 * A bounded pool. When PostgreSQL is down or stalled every call fails within `callTimeoutMs` (250 by default), so that
 * the edge can answer; background work opens a second one with more patience. Rejects when no connection can be had.
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  const { default: pg } = await import('pg');
  const { callTimeoutMs = 250, maxConnections: max = 10 } = options;
  const told = (error: Error): void => options.onConnectionError?.(error);
  /** A pool listens to its idle clients only; one that breaks on its way out would end the process. */
  class HeardClient extends pg.Client {
    constructor(config?: ClientConfig) {
      super(config);
      this.on('error', told);
    }
  }
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    Client: HeardClient,
    stream: () => kept(new Socket(), sockets),
    connectionString: url,
    max,
    connectionTimeoutMillis: Math.max(callTimeoutMs, handshakeMs),
    statement_timeout: options.statementTimeoutMs ?? Math.max(1, callTimeoutMs - serverGivesUpMs),
    min: Math.min(keptConnections, max),
    application_name: 'portcullis',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8Oid ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
    },
  });
  // The client has told already; without a listener the pool would throw.
  pool.on('error', () => undefined);
  const database = new PooledDatabase(pool, callTimeoutMs, options.maxWaiting ?? 256, sockets);
  if (options.probe === false) {
    const first = Array.from({ length: keptConnections }, () => database.query('select 1'));
    await Promise.allSettled(first);
    return database;
  }
  try {
    await database.query('select 1');
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
