import type { KeptRuleSet } from '../../ruleset/rule-set-archive.js';
import type { Database } from './database.js';

const sql = `with changed as (
    insert into meta (key, value) values ('ruleset_told', $1)
    on conflict (key) do update set value = excluded.value where meta.value <> excluded.value
    returning 1
  ),
  told as (
    insert into audit (at, actor, kind, subject, detail)
    select now(), 'system', 'ruleset.loaded', $1, jsonb_build_object('version', $2::text) from changed
  )
  insert into outbox (kind, subject, payload)
  select 'ruleset_loaded', $1, jsonb_build_object('version', $2::text, 'hash', $1::text) from changed`;

/** Tells once of a rule set that has come into use, however many instances load it. */
export async function tellRuleSetLoaded(
  database: Database,
  { hash, version }: Pick<KeptRuleSet, 'hash' | 'version'>,
): Promise<void> {
  await database.query(sql, [hash, version]);
}
