import type { Logger } from '../../telemetry/logger.js';
import type { Database } from './database.js';

/** What autovacuum does on a server. Table by table, so that on one connection answers wait for one table at most. */
async function vacuumTables(database: Database): Promise<void> {
  const sql = "select quote_ident(tablename) as name from pg_tables where schemaname = 'public'";
  for (const { name } of await database.query<{ name: string }>(sql)) await database.script(`vacuum (analyze) ${name}`);
}

const everyMs = 3_600_000;

/** The embedded database has no autovacuum. Returns what ends it. */
export function vacuumRegularly(database: Database, log: Logger): () => void {
  const tidy = (): Promise<void> =>
    vacuumTables(database).catch((error) => log.warn({ error }, 'the embedded database could not be vacuumed'));
  const timer = setInterval(() => void tidy(), everyMs);
  return () => clearInterval(timer);
}
