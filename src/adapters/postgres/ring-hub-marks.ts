import type { RingHubMark, RingHubMarks } from '../../rings/ring-hub-marks.js';
import type { Queryable } from './database.js';

interface MarkRow {
  id: string;
  ring_id: string;
  link: string;
  key: string;
  reason: string;
  actor: string;
  at: Date;
  removed_by: string | null;
  removed_at: Date | null;
}

const markOf = (row: MarkRow): RingHubMark => ({
  id: row.id,
  ringId: row.ring_id,
  link: row.link,
  key: row.key,
  reason: row.reason,
  actor: row.actor,
  at: row.at.getTime(),
  removedBy: row.removed_by,
  removedAt: row.removed_at?.getTime() ?? null,
});

const markSql = `with made as (
    insert into ring_hub_marks (id, ring_id, link, key, reason, actor, at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (key) where removed_at is null do nothing returning *
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select at, actor, 'ring.hub_marked', ring_id, jsonb_build_object('link', link, 'key', key, 'reason', reason) from made
  )
  select id from made`;

const removeSql = `with gone as (
    update ring_hub_marks set removed_by = $3, removed_at = $4
    where ring_id = $1 and key = $2 and removed_at is null returning *
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select removed_at, removed_by, 'ring.hub_unmarked', ring_id, jsonb_build_object('link', link, 'key', key) from gone
  )
  select * from gone`;

const ofRingSql = `select * from ring_hub_marks
  where ring_id in (select $1::text union select id from rings where root = (select root from rings where id = $1))
  order by at desc, id desc limit 200`;

/** Marks of people in PostgreSQL or PGlite. */
export class SqlRingHubMarks implements RingHubMarks {
  constructor(private readonly database: Queryable) {}

  async mark({ id, ringId, link, key, reason, actor, at }: RingHubMark): Promise<boolean> {
    const values = [id, ringId, link, key, reason, actor, new Date(at)];
    return (await this.database.query(markSql, values)).length > 0;
  }

  async remove({ ringId, key, actor, at }: Parameters<RingHubMarks['remove']>[0]): Promise<RingHubMark | undefined> {
    const [row] = await this.database.query<MarkRow>(removeSql, [ringId, key, actor, new Date(at)]);
    return row && markOf(row);
  }

  async ofRing(ringId: string): Promise<readonly RingHubMark[]> {
    return (await this.database.query<MarkRow>(ofRingSql, [ringId])).map(markOf);
  }

  async standing(): Promise<readonly string[]> {
    const sql = 'select key from ring_hub_marks where removed_at is null order by key';
    return (await this.database.query<{ key: string }>(sql)).map(({ key }) => key);
  }
}
