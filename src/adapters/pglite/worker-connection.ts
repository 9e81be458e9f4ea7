import type { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Queryable } from '../postgres/database.js';

interface WorkerReply {
  readonly id: number;
  readonly rows?: unknown[];
  readonly error?: { readonly message: string; readonly code?: string | undefined };
}

interface Waiting {
  resolve(rows: unknown[]): void;
  reject(error: Error): void;
}

/** An error of the embedded database; `code` is the SQLSTATE, as on PostgreSQL. */
class EmbeddedDatabaseError extends Error {
  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}

/** Questions to the worker thread and their answers, matched by number. A dead worker fails all that wait. */
export class WorkerConnection implements Queryable {
  /** Settles when the worker has opened its files. */
  readonly opened: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private gone: Error | undefined;

  constructor(private readonly worker: Worker) {
    this.opened = new Promise<unknown[]>((resolve, reject) => this.waiting.set(0, { resolve, reject })).then(
      () => undefined,
      async (error: unknown) => {
        await worker.terminate();
        throw error;
      },
    );
    worker.on('message', (reply: WorkerReply) => this.settle(reply));
    worker.on('error', (error) => this.failAll(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.failAll('the embedded database is closed'));
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const rows = await this.ask({ sql, parameters });
    // The one place where rows get the type that the caller says they have, as pg's own query<Row> does.
    return rows as Row[];
  }

  async script(sql: string): Promise<void> {
    await this.ask({ sql, script: true });
  }

  async close(): Promise<void> {
    if (this.gone !== undefined) return;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    await this.ask({ close: true });
    await exited;
  }

  private ask(request: object): Promise<unknown[]> {
    if (this.gone !== undefined) return Promise.reject(this.gone);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id });
    });
  }

  private settle({ id, rows, error }: WorkerReply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(rows ?? []);
    else waiting?.reject(new EmbeddedDatabaseError(error.message, error.code));
  }

  private failAll(reason: string): void {
    this.gone ??= new StoreUnavailable(reason);
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}
