import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pepperCheck } from '../../adapters/crypto/identifier-hash.js';
import { inspectPostgres, type PostgresCondition } from '../../adapters/postgres/inspect-postgres.js';
import type { Config } from '../../config.js';
import { clockFinding, type Finding, fail, good, reasonOf, warn } from './finding.js';

const oldest = 150_000;

export async function checkPostgres({ DATABASE_URL, DATA_DIR, ...config }: Config): Promise<readonly Finding[]> {
  if (DATABASE_URL === undefined) return [await checkEmbedded(join(DATA_DIR, 'postgres'))];
  const { hostname, port, pathname } = new URL(DATABASE_URL);
  const place = `${hostname}:${port || '5432'}${pathname}`;
  try {
    return conditionFindings(await inspectPostgres(DATABASE_URL), place, config.IDENTIFIER_PEPPER);
  } catch (error) {
    const says = `PostgreSQL at ${place} cannot be asked (${reasonOf(error)})`;
    return [fail('postgres', says, isDenied(error) ? grantTodo : 'start it, or set DATABASE_URL')];
  }
}

const grantTodo = 'give its user the rights that docs/operations.md names';

/** SQLSTATE `insufficient_privilege`: it is there, and does not let us. */
const isDenied = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42501';

function conditionFindings(found: PostgresCondition, place: string, pepper: string | undefined): readonly Finding[] {
  const which = `PostgreSQL ${found.version} at ${place}`;
  return [
    found.versionNumber < oldest ? fail('postgres', which, 'use PostgreSQL 15 or newer') : good('postgres', which),
    ...rightsFindings(found),
    migrationFinding(found),
    clockFinding('postgres_clock', found.aheadMs),
    ...pepperFindings(found.pepperCheck, pepper),
  ];
}

function rightsFindings({ withheld }: PostgresCondition): readonly Finding[] {
  if (withheld.length === 0) return [];
  return [fail('postgres_rights', `this user cannot read and write ${withheld.join(', ')}`, grantTodo)];
}

type Migrated = Pick<PostgresCondition, 'applied' | 'pending' | 'changed' | 'unknown' | 'mayCreate'>;

function migrationFinding({ applied, pending, changed, unknown, mayCreate }: Migrated): Finding {
  const check = 'migrations';
  if (changed.length > 0)
    return fail(check, `changed after they had been applied: ${changed.join(', ')}`, 'restore these files');
  if (unknown.length > 0)
    return fail(check, `applied by another version: ${unknown.join(', ')}`, 'run the version that the others run');
  if (pending.length > 0 && !mayCreate)
    return fail(
      check,
      `${pending.length} not applied yet, and this user may not create tables`,
      "run 'portcullis migrate' as the owner of the tables",
    );
  if (pending.length > 0)
    return warn(check, `${pending.length} not applied yet`, "'portcullis migrate', or the next start, applies them");
  return good(check, `${applied} applied, none pending`);
}

/** Another pepper would find nobody again; the service refuses it. */
function pepperFindings(expected: string | undefined, pepper: string | undefined): readonly Finding[] {
  if (expected === undefined || pepper === undefined) return [];
  if (pepperCheck(pepper) === expected)
    return [good('pepper_match', 'IDENTIFIER_PEPPER is the one that this database was filled with')];
  const todo = 'set the one that every other instance has';
  return [fail('pepper_match', 'this database was filled with another IDENTIFIER_PEPPER', todo)];
}

/** Opening the files would write to them, and the service may have them open. */
async function checkEmbedded(dir: string): Promise<Finding> {
  const found = await stat(dir).catch(() => undefined);
  if (found === undefined) return good('postgres', 'embedded (PGlite): made by the first start');
  if (found.isDirectory()) return good('postgres', `embedded (PGlite), files in ${dir}; not opened`);
  return fail('postgres', `${dir} is no folder`, 'set DATA_DIR, or move this file away');
}
