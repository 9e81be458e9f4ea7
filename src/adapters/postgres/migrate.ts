import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Database, Queryable } from './database.js';

const folder = new URL('./migrations/', import.meta.url);
/** Any constant: whoever holds it is migrating this database. */
const lockNumber = 7_062_021;

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

interface AppliedRow {
  name: string;
  checksum: string;
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/** The product's own migrations, in order of their names. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(new URL(name, folder), 'utf8') })));
}

export interface MigrationState {
  /** How many were applied. */
  readonly applied: number;
  readonly pending: readonly string[];
  /** Applied, and another text since. */
  readonly changed: readonly string[];
  /** Applied by a version that has more. */
  readonly unknown: readonly string[];
}

/** Undefined where nothing was ever migrated. */
async function readApplied(database: Queryable): Promise<AppliedRow[] | undefined> {
  const [table] = await database.query<{ found: string | null }>("select to_regclass('schema_migrations') as found");
  if (table?.found == null) return undefined;
  return database.query<AppliedRow>('select name, checksum from schema_migrations order by name');
}

/** How far the schema is; looks only. */
export async function migrationState(database: Queryable): Promise<MigrationState> {
  const known = await readMigrations();
  const rows = (await readApplied(database)) ?? [];
  const checksums = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const names = new Set(known.map(({ name }) => name));
  return {
    applied: rows.length,
    pending: known.filter(({ name }) => !checksums.has(name)).map(({ name }) => name),
    changed: known
      .filter(({ name, sql }) => checksums.has(name) && checksums.get(name) !== checksumOf(sql))
      .map(({ name }) => name),
    unknown: rows.filter(({ name }) => !names.has(name)).map(({ name }) => name),
  };
}

function pendingOf(migrations: readonly Migration[], applied: readonly AppliedRow[]): Migration[] {
  const checksums = new Map(applied.map((row) => [row.name, row.checksum]));
  return migrations.filter(({ name, sql }) => {
    const checksum = checksums.get(name);
    if (checksum !== undefined && checksum !== checksumOf(sql)) {
      throw new Error(`migration ${name} was changed after it had been applied: restore it and add a new file instead`);
    }
    return checksum === undefined;
  });
}

async function apply(tx: Queryable, { name, sql }: Migration): Promise<void> {
  try {
    await tx.script(sql);
  } catch (error) {
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  await tx.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksumOf(sql)]);
}

const makeTable = `create table schema_migrations (
  name text primary key, checksum text not null, applied_at timestamptz not null default now())`;

/**
 * Brings the schema up to date: all pending files in one transaction, under a lock that a second instance waits for.
 * Returns the names that were applied. Rejects when an applied file was changed since; nothing is applied then.
 */
export async function migrate(database: Database, migrations?: readonly Migration[]): Promise<string[]> {
  const known = migrations ?? (await readMigrations());
  return database.transaction(async (tx) => {
    await tx.script(`set local statement_timeout = 0; select pg_advisory_xact_lock(${lockNumber})`);
    const applied = await readApplied(tx);
    // Whoever has nothing to migrate needs no right to create anything.
    if (applied === undefined) await tx.script(makeTable);
    const pending = pendingOf(known, applied ?? []);
    for (const migration of pending) await apply(tx, migration);
    return pending.map(({ name }) => name);
  });
}
