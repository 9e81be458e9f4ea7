import { mkdir } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Database, Queryable } from '../postgres/database.js';
import { lockFolder, type ProcessLock } from './process-lock.js';
import { SerialQueue } from './serial-queue.js';
import { WorkerConnection } from './worker-connection.js';

/** A plain module beside this file, in src and in dist alike: a worker loads what no test transform has touched. */
const workerFile = new URL('./pglite-worker.mjs', import.meta.url);

class EmbeddedDatabase implements Database {
  private readonly queue = new SerialQueue();

  constructor(
    private readonly connection: WorkerConnection,
    private readonly lock: ProcessLock,
  ) {}

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.queue.run(() => this.connection.query<Row>(sql, parameters));
  }

  script(sql: string): Promise<void> {
    return this.queue.run(() => this.connection.script(sql));
  }

  /** There is one connection: a transaction has it until it ends, everything else waits. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.queue.run(async () => {
      await this.connection.script('begin');
      try {
        const result = await work(this.connection);
        await this.connection.script('commit');
        return result;
      } catch (error) {
        await this.connection.script('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** What was asked before is finished first. */
  close(): Promise<void> {
    return this.queue.run(async () => {
      await this.connection.close();
      await this.lock.release();
    });
  }
}

/**
 * PostgreSQL in this process, its files in `dir` (made when it is not there). What a call has resolved is on the disk.
 * Rejects when the files cannot be opened or another process has them open.
 */
export async function openPglite(dir: string): Promise<Database> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dir);
  try {
    const connection = new WorkerConnection(new Worker(workerFile, { workerData: { dir } }));
    await connection.opened;
    return new EmbeddedDatabase(connection, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}
