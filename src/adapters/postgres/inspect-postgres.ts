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
  /** Whether this user can make tables, as migrations do. */
  readonly mayCreate: boolean;
  /** Tables of ours that this user cannot read and write. */
  readonly withheld: readonly string[];
}

const rightsSql = `select coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create, array(
    select relname::text from pg_class
    where relkind = 'r' and relname <> 'schema_migrations'
      -- A schema may hold tables that are not ours.
      and (relnamespace, relowner) = (select relnamespace, relowner from pg_class where oid = to_regclass('schema_migrations'))
      and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
        and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))
    order by relname
  ) as withheld`;

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
    const [rights] = await database.query<{ may_create: boolean; withheld: string[] }>(rightsSql);
    const withheld = rights?.withheld ?? [];
    const state = await migrationState(database);
    return {
      version: row?.version ?? 'unknown',
      versionNumber: Number(row?.number ?? 0),
      aheadMs: (row?.now.getTime() ?? middle) - middle,
      pepperCheck: state.applied === 0 || withheld.length > 0 ? undefined : await readPepperCheck(database),
      mayCreate: rights?.may_create ?? false,
      withheld,
      ...state,
    };
  } finally {
    await database.close();
  }
}
