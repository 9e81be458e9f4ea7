import { type Instant, toIso } from '../../model/time.js';
import { type Gatherings, leastToGather } from '../../ring-decisions/gatherings.js';
import type { Queryable } from './database.js';

/** The same as `isFree`, and the account is held and not verified. */
const waits = `a.state = 'held' and not a.verified and c.state = 'open' and not c.whole_ring and c.assigned_to is null
  and c.escalated_at is null and c.appealed_at is null and c.job_version = 1
  and (c.verify <> '{}' or c.reason not in ('manual.hold', 'history.fraud_label'))`;

const ringCases = (root: string): string => `select k.id, k.ring_id from rings f join cases k on k.ring_id = f.id
    where f.root = ${root} and k.whole_ring and k.state <> 'decided'`;

/** It begins with the undecided cases of accounts, of which those in rings are gathered away. */
const dueSql = `select r.root as "ringId"
  from cases c
  join accounts a on a.account_id = c.account_id
  join ring_members m on m.account_id = c.account_id
  join rings r on r.id = m.ring_id
  where ${waits}
  group by r.root
  having (count(*) >= ${leastToGather} or exists (${ringCases('r.root')}))
    and not exists (
      select 1 from rings f join access_batches b on b.ring_id = f.id
      where f.root = r.root and (b.kind = 'gathering' and b.state in ('undoing', 'undone')
        or b.kind = 'ring_decision' and b.state in ('awaiting_second', 'planned', 'undoing'))
    )
  order by min(c.opened_at), r.root limit $1`;

const waitingSql = `select c.account_id as "accountId"
  from rings r
  join ring_members m on m.ring_id = r.id
  join accounts a on a.account_id = m.account_id
  join cases c on c.account_id = m.account_id
  where r.root = (select root from rings where id = $1) and ${waits}
  order by c.opened_at, c.account_id limit $2`;

const caseSql = `select k.id from (${ringCases('(select root from rings where id = $1)')}) k
  order by k.ring_id = $1 desc, k.id desc limit 1`;

const beginSql = `insert into access_batches (id, kind, ring_id, state, created_at, not_before, finished_at)
  values ($2, 'gathering', $1, 'done', $3, $3, $3)
  on conflict (ring_id) where kind = 'gathering' do nothing`;
const batchSql = "select id from access_batches where ring_id = $1 and kind = 'gathering'";

/** In PostgreSQL and PGlite; any number of instances may gather. */
export class SqlGatherings implements Gatherings {
  constructor(private readonly database: Queryable) {}

  async due(limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ ringId: string }>(dueSql, [limit]);
    return rows.map(({ ringId }) => ringId);
  }

  async waiting(ringId: string, limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ accountId: string }>(waitingSql, [ringId, limit]);
    return rows.map(({ accountId }) => accountId);
  }

  async caseOf(ringId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>(caseSql, [ringId]);
    return row?.id;
  }

  async begin(ringId: string, { batchId, now }: { readonly batchId: string; readonly now: Instant }): Promise<string> {
    await this.database.query(beginSql, [ringId, batchId, toIso(now)]);
    const [row] = await this.database.query<{ id: string }>(batchSql, [ringId]);
    return row?.id ?? batchId;
  }
}
