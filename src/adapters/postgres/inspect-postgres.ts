import { readPepperCheck } from './meta.js';
import { type MigrationState, migrationState } from './migrate.js';
import { openPostgres } from './open-postgres.js';

export interface PostgresCondition extends MigrationState {
  readonly version: string;
  /** `150004` for 15.4. */
  readonly versionNumber: number;
  /** Its clock against ours. */
  readonly aheadMs: number;
  /** What identifiers hashed with the right pepper are known by; undefined before the first start. */
  readonly pepperCheck: string | undefined;
}

/** Asks a server how it is, without writing anything; rejects when it cannot be asked. */
export async function inspectPostgres(url: string): Promise<PostgresCondition> {
  const database = await openPostgres(url, { callTimeoutMs: 5000, maxConnections: 1 });
  try {
    const asked = Date.now();
    const [row] = await database.query<{ version: string; number: string; now: Date }>(
      `select current_setting('server_version') as version, current_setting('server_version_num') as number,
        clock_timestamp() as now`,
    );
    const middle = (asked + Date.now()) / 2;
    const state = await migrationState(database);
    return {
      version: row?.version ?? 'unknown',
      versionNumber: Number(row?.number ?? 0),
      aheadMs: (row?.now.getTime() ?? middle) - middle,
      pepperCheck: state.applied === 0 ? undefined : await readPepperCheck(database),
      ...state,
    };
  } finally {
    await database.close();
  }
}
