import type { Database } from './database.js';

const markKey = 'rewritten_to';
const lastErasure = `coalesce((select max(seq) from audit where kind = 'subject.erased'), 0)`;
const markSql = `insert into meta (key, value) values ($1, $2)
  on conflict (key) do update set value = excluded.value`;

/** Each has its price, however small it is. */
const filledSql = `select quote_ident(tablename) as name from pg_tables
  where schemaname = 'public' and pg_table_size(format('%I.%I', schemaname, tablename)::regclass) > 0`;

/** True while files may hold what an erasure took away: one has come since they were last rewritten. */
export async function isErasureLeft(database: Database): Promise<boolean> {
  const sql = `select ${lastErasure} > coalesce((select value::bigint from meta where key = $1), 0) as is_left`;
  const [row] = await database.query<{ is_left: boolean }>(sql, [markKey]);
  return row?.is_left === true;
}

/**
 * What was deleted goes on standing in pages, in samples that the planner keeps and in the log until it is written over. This
 * writes all of them anew and lets go of the old files, which is for a database that is ours alone: each table is locked
 * meanwhile, and whoever asks for one waits for that one.
 */
export async function rewriteTables(database: Database): Promise<void> {
  const [row] = await database.query<{ seq: number }>(`select ${lastErasure} as seq`);
  for (const { name } of await database.query<{ name: string }>(filledSql))
    await database.script(`vacuum (full, analyze) ${name}`);
  await database.script('vacuum full pg_statistic');
  await database.query('select pg_switch_wal()');
  await database.script('checkpoint');
  await database.query(markSql, [markKey, String(row?.seq ?? 0)]);
}
