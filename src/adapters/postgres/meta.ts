import { leastSecretCharacters } from '../../config.js';
import type { Instant } from '../../model/time.js';
import type { Queryable } from './database.js';

const epochKey = 'epoch';

/** The epoch that Redis must show to be the one we wrote to; `undefined` = never set. */
export async function readEpoch(database: Queryable): Promise<string | undefined> {
  const [row] = await database.query<{ value: string }>('select value from meta where key = $1', [epochKey]);
  return row?.value;
}

/** The stored one, or `fresh` when there was none; instances that start together agree on one. */
export async function ensureEpoch(database: Queryable, fresh: string): Promise<string> {
  await database.query('insert into meta (key, value) values ($1, $2) on conflict (key) do nothing', [epochKey, fresh]);
  return (await readEpoch(database)) ?? fresh;
}

/**
 * Rejects where nothing can be decided: the truth is away, or takes no writes. To lock rows is a write for the server, which
 * refuses it where it refuses writes; without any rows it leaves nothing behind.
 */
export async function probeDatabase(database: Queryable): Promise<void> {
  await database.query('select from meta where false for update');
}

/** The database's time at this moment, not at the beginning of a transaction. */
export async function readDatabaseTime(database: Queryable): Promise<Instant> {
  const sql = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now';
  const [row] = await database.query<{ now: number }>(sql);
  if (row === undefined) throw new Error('the database did not tell the time');
  return row.now;
}

const markKey = 'history_mark';

/** The truth's copy of the time that Redis shows beside the epoch; 0 when there is none yet. */
export async function readHistoryMark(database: Queryable): Promise<Instant> {
  const [row] = await database.query<{ value: string }>('select value from meta where key = $1', [markKey]);
  return Number(row?.value ?? 0);
}

/** Never goes back, save from a time after `latest`: that was a clock that was ahead. */
export async function raiseHistoryMark(database: Queryable, at: Instant, latest: Instant): Promise<void> {
  const sql = `insert into meta (key, value) values ($1, $2) on conflict (key)
    do update set value = excluded.value
    where meta.value::bigint < excluded.value::bigint or meta.value::bigint > $3::bigint`;
  await database.query(sql, [markKey, String(at), latest]);
}

/**
 * Whether identifiers hashed under this pepper meet those that are stored: the first installation leaves a check value,
 * every later start compares. Two instances with different peppers would each see half of every entity.
 */
export async function isSamePepper(database: Queryable, check: string): Promise<boolean> {
  const sql = 'insert into meta (key, value) values ($1, $2) on conflict (key) do nothing';
  await database.query(sql, ['pepper_check', check]);
  return (await readPepperCheck(database)) === check;
}

/** Looks only; undefined before the first start. */
export async function readPepperCheck(database: Queryable): Promise<string | undefined> {
  const [row] = await database.query<{ value: string }>('select value from meta where key = $1', ['pepper_check']);
  return row?.value;
}

/** Looks only: the pepper that `trialPepper` has kept. */
export async function readTrialPepper(database: Queryable): Promise<string | undefined> {
  const [row] = await database.query<{ value: string }>('select value from meta where key = $1', ['trial_pepper']);
  return row?.value;
}

/**
 * For trials with several instances: the first one's pepper is everybody's. Beside the data, so never in production. Rejects
 * when the one that is kept is empty or too short to be a secret.
 */
export async function trialPepper(database: Queryable, mine: string): Promise<string> {
  await database.query('insert into meta (key, value) values ($1, $2) on conflict (key) do nothing', [
    'trial_pepper',
    mine,
  ]);
  const kept = (await readTrialPepper(database)) ?? mine;
  if (kept.length >= leastSecretCharacters) return kept;
  throw new Error(
    `IDENTIFIER_PEPPER: the one kept in this database has fewer than ${leastSecretCharacters} characters and is no secret: set one, and use a new database`,
  );
}
