import type { GateEntry } from '../../gate/gate-store.js';
import type { AccessState } from '../../model/access.js';
import type { Database } from './database.js';

interface EntryRow {
  account_id: string;
  state: AccessState;
  version: number;
  requests_per_day: number | null;
  api_key_ids: string[];
}

const pageSql = `select a.account_id, a.state, a.version, a.requests_per_day,
    array(select k.api_key_id from account_keys k where k.account_id = a.account_id
      order by k.announced_at desc limit 1000) as api_key_ids
  from accounts a where a.account_id > $1 order by a.account_id limit $2`;

/** Every account's access, in order of account ids, after the given one: what the gate projection is rebuilt from. */
export async function gateEntriesAfter(database: Database, accountId: string, limit: number): Promise<GateEntry[]> {
  const rows = await database.query<EntryRow>(pageSql, [accountId, limit]);
  return rows.map((row) => ({
    access: {
      accountId: row.account_id,
      state: row.state,
      version: row.version,
      requestsPerDay: row.requests_per_day ?? undefined,
    },
    apiKeyIds: row.api_key_ids,
  }));
}
