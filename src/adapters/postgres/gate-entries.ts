import type { GateEntry } from '../../gate/gate-store.js';
import { type EntryRow, entryOf } from './access-truth.js';
import type { Database } from './database.js';

const pageSql = `select a.account_id, a.state, a.version, a.requests_per_day,
    array(select k.api_key_id from account_keys k where k.account_id = a.account_id
      order by k.announced_at desc limit 1000) as api_key_ids
  from accounts a where a.account_id > $1 order by a.account_id limit $2`;

/** Every account's access, in order of account ids, after the given one: what the gate projection is rebuilt from. */
export async function gateEntriesAfter(database: Database, accountId: string, limit: number): Promise<GateEntry[]> {
  const rows = await database.query<Omit<EntryRow, 'n'>>(pageSql, [accountId, limit]);
  return rows.map(entryOf);
}
