import { toIso } from '../../model/time.js';
import type { RingMember, RingMembers } from '../../ring-decisions/ring-members.js';
import type { Queryable } from './database.js';

const pageSql = `select m.account_id, m.joined_at
  from rings r join ring_members m on m.ring_id = r.id
  where r.root = (select root from rings where id = $1)
    and ($2::timestamptz is null or (m.joined_at, m.account_id) > ($2, $3))
  order by m.joined_at, m.account_id limit $4`;

/** Members as far as the ring worker has come; a ring that went into another is that other. */
export class SqlRingMembers implements RingMembers {
  constructor(private readonly database: Queryable) {}

  async membersOf(
    ringId: string,
    { after, limit }: { readonly after?: RingMember | undefined; readonly limit: number },
  ): Promise<readonly RingMember[]> {
    const parameters = [ringId, after === undefined ? null : toIso(after.joinedAt), after?.accountId ?? '', limit];
    const rows = await this.database.query<{ account_id: string; joined_at: Date }>(pageSql, parameters);
    return rows.map(({ account_id, joined_at }) => ({ accountId: account_id, joinedAt: joined_at.getTime() }));
  }
}
