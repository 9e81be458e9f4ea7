import { join } from 'node:path';
import type { Database } from '../postgres/database.js';
import { rewriteTables } from '../postgres/rewrite-tables.js';
import { shareOf } from '../postgres/share-of.js';

export interface Truth {
  /** In the path of answers: fails fast. */
  readonly database: Database;
  /** For people's requests and migrations. PGlite has one connection, and no call of it is cut short: the same one. */
  readonly patient: Database;
  /** For work behind the answers: a share of it, so that requests never wait behind all of that. */
  readonly background: Database;
  /** For people: what it is and where. Never a password. */
  readonly description: string;
  /**
   * How long a decision may wait to be written before its caller is told to come again. A server elsewhere may be gone;
   * the embedded one shares this machine's fate, and refusing because the machine is busy would help nobody.
   */
  readonly commitDeadlineMs: number;
  /** The embedded database: writes its files anew, without what was deleted. Nobody else's files are ours to rewrite. */
  readonly rewriteFiles?: () => Promise<void>;
  close(): Promise<void>;
}

const patience = { callTimeoutMs: 10_000, maxConnections: 6 };
/** Of the patient connections; of the calls that wait for the one that PGlite has. */
const backgroundConnections = 4;
const backgroundCalls = 2;

interface TruthOptions {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly onConnectionError: (error: Error) => void;
}

/** PostgreSQL when one is named, else PGlite in a worker thread; only what is used is loaded. */
export async function openTruth({ databaseUrl, dataDir, onConnectionError }: TruthOptions): Promise<Truth> {
  if (databaseUrl !== undefined) {
    const { openPostgres } = await import('../postgres/open-postgres.js');
    const { hostname, port, pathname } = new URL(databaseUrl);
    const place = `PostgreSQL at ${hostname}:${port || '5432'}${pathname}`;
    const patient = await openPostgres(databaseUrl, { onConnectionError, ...patience }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`DATABASE_URL: ${place} cannot be used (${why})`, { cause: error });
    });
    // A server that is slow at this moment is no reason to refuse to start: the patient pool has seen that it is there.
    const database = await openPostgres(databaseUrl, { onConnectionError, probe: false });
    return {
      database,
      patient,
      background: shareOf(patient, backgroundConnections),
      description: place,
      commitDeadlineMs: 250,
      async close() {
        await Promise.all([database.close(), patient.close()]);
      },
    };
  }
  const { openPglite } = await import('../pglite/open-pglite.js');
  const dir = join(dataDir, 'postgres');
  const database = await openPglite(dir);
  const description = `embedded (PGlite), files in ${dir}`;
  return {
    database,
    patient: database,
    background: shareOf(database, backgroundCalls),
    description,
    commitDeadlineMs: 2000,
    rewriteFiles: () => rewriteTables(database),
    close: () => database.close(),
  };
}
