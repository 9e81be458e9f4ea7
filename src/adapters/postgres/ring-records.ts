import { caseCursorOf, parseCaseCursor } from '../../cases/case-cursor.js';
import type { AccessState } from '../../model/access.js';
import type { LinkUse, RingReading } from '../../model/ring.js';
import { toIso } from '../../model/time.js';
import { ringKeyOf } from '../../rings/digest.js';
import {
  type KeyUse,
  type RingFilter,
  type RingHold,
  type RingMemberRecord,
  type RingPage,
  type RingRecord,
  type RingRecords,
  type RingState,
  ringSort,
} from '../../rings/ring-records.js';
import type { Queryable } from './database.js';

interface RingRow {
  id: string;
  state: RingState;
  size: number;
  statistics: RingReading | { ringId?: never };
  first_seen_at: Date;
  changed_at: Date;
  detected_at: Date | null;
  decision_id: string | null;
  case_id: string | null;
}

interface HoldRow {
  id: string;
  kind: RingHold['kind'];
  state: string;
  created_at: Date;
  undone_at: Date | null;
  held: number;
  spared: number;
}

interface MemberRow {
  account_id: string;
  joined_at: Date;
  state: AccessState;
  verified: boolean;
}

/** What was found out about any of the rings that went into it was found out about it. */
const tellingSql = (rings: string): string => `select r.id, r.size, r.statistics, r.first_seen_at, r.changed_at,
    d.detected_at, d.decision_id, c.case_id,
    case when r.state = 'dissolved' then 'dissolved' when d.detected_at is not null then 'detected' else 'open' end as state
  from ${rings} r
  left join lateral (
    select b.created_at as detected_at, b.decision_id from rings f join access_batches b on b.ring_id = f.id
    where f.root = r.id and b.kind = 'retro_hold' order by b.created_at limit 1
  ) d on true
  left join lateral (
    select k.id as case_id from rings f join cases k on k.ring_id = f.id
    where f.root = r.id and k.whole_ring order by k.id desc limit 1
  ) c on true`;

const detectedSql = `select f.root from access_batches b join rings f on f.id = b.ring_id where b.kind = 'retro_hold'`;

/** Only of the rings on the page it is asked what was found out. */
const listSql = `${tellingSql(`(
    select * from rings s where s.state <> 'merged' and s.size >= $1
      and ($2::text is null or $2 = case when s.state = 'dissolved' then 'dissolved'
        when s.id in (${detectedSql}) then 'detected' else 'open' end)
      and ($3::float8 is null or (s.size, s.id) < ($3::float8, $4))
    order by s.size desc, s.id desc limit $5
  )`)} order by r.size desc, r.id desc`;

const getSql = `${tellingSql('rings')} where r.id = (select root from rings where id = $1)`;

const holdsSql = `select b.id, b.kind, b.state, b.created_at, b.undone_at,
    (select count(*) from access_batch_accounts a where a.batch_id = b.id and a.result in ('held', 'joined')) as held,
    (select count(*) from access_batch_accounts a where a.batch_id = b.id and a.result = 'spared') as spared
  from access_batches b
  where b.kind in ('retro_hold', 'gathering')
    and b.ring_id in (select id from rings where root = (select root from rings where id = $1))
  order by b.created_at limit 20`;

const membersSql = `select m.account_id, m.joined_at, a.state, a.verified
  from rings r join ring_members m on m.ring_id = r.id join accounts a on a.account_id = m.account_id
  where r.root = (select root from rings where id = $1)
    and ($3::timestamptz is null or (m.joined_at, m.account_id) > ($3, $4))
  order by m.joined_at, m.account_id limit $2`;

/** What an account shares is in its first events; uses of a key may be very many. */
const usesSql = `select distinct a.account_id as "accountId", l->>'link' as link, l->>'key' as key
  from unnest($1::text[]) a (account_id)
  cross join lateral (
    (select trace from decisions d where d.account_id = a.account_id and d.trace is not null order by d.id limit 20)
    union all
    (select trace from evidence_traces e where e.account_id = a.account_id order by e.at limit 20)
  ) d
  cross join lateral jsonb_array_elements(d.trace->'links') l`;

const hubsSql = `select distinct on (link, key) key, is_hub as "isHub" from ring_hubs where key = any($1::text[])
  order by link, key, id desc`;

function recordOf(row: RingRow): RingRecord {
  const { id, state, size, statistics } = row;
  return {
    id,
    state,
    size,
    firstSeenAt: row.first_seen_at.getTime(),
    changedAt: row.changed_at.getTime(),
    reading: statistics.ringId === undefined || state === 'dissolved' ? null : statistics,
    detectedAt: row.detected_at?.getTime() ?? null,
    decisionId: row.decision_id,
    caseId: row.case_id,
  };
}

const cursorOf = ({ size, id }: RingRecord): string => caseCursorOf({ value: size, id, sort: ringSort });

/** Rings as the ring worker wrote them, with what was found out about them and done. */
export class SqlRingRecords implements RingRecords {
  constructor(private readonly database: Queryable) {}

  async list({ state, minSize, limit, cursor }: RingFilter): Promise<RingPage> {
    const after = parseCaseCursor(cursor);
    const parameters = [minSize, state ?? null, after?.value ?? null, after?.id ?? '', limit + 1];
    const found = (await this.database.query<RingRow>(listSql, parameters)).map(recordOf);
    const rings = found.slice(0, limit);
    const last = rings.at(-1);
    return { rings, nextCursor: found.length > limit && last !== undefined ? cursorOf(last) : null };
  }

  async get(ringId: string): Promise<RingRecord | undefined> {
    const [row] = await this.database.query<RingRow>(getSql, [ringId]);
    return row && recordOf(row);
  }

  async holds(ringId: string): Promise<readonly RingHold[]> {
    const rows = await this.database.query<HoldRow>(holdsSql, [ringId]);
    return rows.map(({ id, kind, state, created_at, undone_at, held, spared }) => ({
      batchId: id,
      kind,
      state,
      createdAt: created_at.getTime(),
      undoneAt: undone_at?.getTime() ?? null,
      held,
      spared,
    }));
  }

  async members(
    ringId: string,
    limit: number,
    after?: Pick<RingMemberRecord, 'joinedAt' | 'accountId'>,
  ): Promise<readonly RingMemberRecord[]> {
    const from = after === undefined ? null : toIso(after.joinedAt);
    const rows = await this.database.query<MemberRow>(membersSql, [ringId, limit, from, after?.accountId ?? '']);
    return rows.map(({ account_id, joined_at, state, verified }) => ({
      accountId: account_id,
      joinedAt: joined_at.getTime(),
      state,
      verified,
    }));
  }

  async keyUses(accountIds: readonly string[]): Promise<readonly KeyUse[]> {
    const rows = await this.database.query<LinkUse & { accountId: string }>(usesSql, [accountIds]);
    const uses = rows.map(({ accountId, link, key }) => ({ accountId, link, digest: ringKeyOf(link, key) }));
    const digests = [...new Set(uses.map(({ digest }) => digest))];
    const known = await this.database.query<{ key: string; isHub: boolean }>(hubsSql, [digests]);
    const hubs = new Set(known.flatMap(({ key, isHub }) => (isHub ? [key] : [])));
    return uses.filter(({ digest }) => !hubs.has(digest));
  }
}
