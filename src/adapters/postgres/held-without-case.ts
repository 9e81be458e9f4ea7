import type { Database } from './database.js';

const heldSql = `select a.account_id from accounts a
  where a.state = 'held' and not exists (
    select 1 from cases c
    where c.account_id = a.account_id and not c.whole_ring
      and (c.state <> 'decided' or (c.decision = 'approve' and c.applied_at is null))
  ) and not exists (
    select 1 from case_accounts m join cases c on c.id = m.case_id
    where m.account_id = a.account_id and m.left_at is null
      and (c.state <> 'decided' or c.settling or (c.decision = 'approve' and c.applied_at is null))
  ) limit $1`;

/** Held accounts that nobody would ever look at: no undecided case, no approval on its way. */
export async function heldWithoutCase(database: Database, limit: number): Promise<readonly string[]> {
  const rows = await database.query<{ account_id: string }>(heldSql, [limit]);
  return rows.map(({ account_id }) => account_id);
}
