import { join } from 'node:path';
import type { Database } from '../postgres/database.js';

export interface Truth {
  readonly database: Database;
  /** For people: what it is and where. Never a password. */
  readonly description: string;
}

export interface TruthOptions {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly onConnectionError: (error: Error) => void;
}

/** PostgreSQL when one is named, else PGlite in a worker thread; only what is used is loaded. */
export async function openTruth({ databaseUrl, dataDir, onConnectionError }: TruthOptions): Promise<Truth> {
  if (databaseUrl !== undefined) {
    const { openPostgres } = await import('../postgres/open-postgres.js');
    const { hostname, port, pathname } = new URL(databaseUrl);
    const database = await openPostgres(databaseUrl, { onConnectionError });
    return { database, description: `PostgreSQL at ${hostname}:${port || '5432'}${pathname}` };
  }
  const { openPglite } = await import('../pglite/open-pglite.js');
  const dir = join(dataDir, 'postgres');
  return { database: await openPglite(dir), description: `embedded (PGlite), files in ${dir}` };
}
