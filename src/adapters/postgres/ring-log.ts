import { toIso } from '../../model/time.js';
import type { RingBatch } from '../../rings/ring-batch.js';
import type { RingLease, RingLog, RingSnapshot } from '../../rings/ring-log.js';
import type { StreamPlace } from '../../rings/ring-stream.js';
import type { Queryable } from './database.js';

const claimSql = `update ring_worker set token = token + 1, lease_until = now() + $1 * interval '1 millisecond'
  where lease_until < now() returning token`;
const renewSql = `update ring_worker set lease_until = now() + $2 * interval '1 millisecond'
  where token = $1 and lease_until > '-infinity' returning token`;
const releaseSql = `update ring_worker set lease_until = '-infinity' where token = $1`;

const pieceSql = 'insert into ring_snapshot_pieces (snapshot, piece, data) values ($1, $2, $3)';
/** The head makes it count; under a token that is no longer the worker's there is none. */
const headSql = `insert into ring_snapshots (snapshot, pieces, place)
  select $2, $3, $4::jsonb from ring_worker where token = $1 for share returning number`;
const dropOldSql = `with kept as (select snapshot from ring_snapshots order by number desc limit 2),
  gone as (delete from ring_snapshots where snapshot not in (select snapshot from kept) returning 1)
  delete from ring_snapshot_pieces where snapshot not in (select snapshot from kept)`;
const newestSql = 'select snapshot, pieces, place from ring_snapshots order by number desc limit 1';

interface HeadRow {
  snapshot: string;
  pieces: number;
  place: StreamPlace | null;
}

/** Rings in PostgreSQL and PGlite. */
export class SqlRingLog implements RingLog {
  constructor(
    private readonly database: Queryable,
    /** Differs for every snapshot of every worker. */
    private readonly newName: () => string,
  ) {}

  async claim(leaseMs: number): Promise<RingLease | undefined> {
    const [row] = await this.database.query<RingLease>(claimSql, [leaseMs]);
    return row && { token: row.token };
  }

  async renew({ token }: RingLease, leaseMs: number): Promise<boolean> {
    return (await this.database.query(renewSql, [token, leaseMs])).length === 1;
  }

  async release({ token }: RingLease): Promise<void> {
    await this.database.query(releaseSql, [token]);
  }

  async write({ token }: RingLease, batch: RingBatch): Promise<readonly string[] | undefined> {
    const sql = 'select write_rings($1, $2::jsonb) as grown';
    const [row] = await this.database.query<{ grown: string[] | null }>(sql, [token, parameterOf(batch)]);
    return row?.grown ?? undefined;
  }

  async restart({ token }: RingLease): Promise<readonly string[] | undefined> {
    const [row] = await this.database.query<{ former: string[] | null }>('select restart_rings($1) as former', [token]);
    return row?.former ?? undefined;
  }

  async saveSnapshot({ token }: RingLease, { place, pieces }: RingSnapshot): Promise<boolean> {
    const name = this.newName();
    for (const [piece, data] of pieces.entries()) await this.database.query(pieceSql, [name, piece, data]);
    const head = [token, name, pieces.length, JSON.stringify(place ?? null)];
    const isSaved = (await this.database.query(headSql, head)).length === 1;
    await this.database.query(isSaved ? dropOldSql : 'delete from ring_snapshot_pieces where snapshot = $1', [
      ...(isSaved ? [] : [name]),
    ]);
    return isSaved;
  }

  async snapshot(): Promise<RingSnapshot | undefined> {
    const [head] = await this.database.query<HeadRow>(newestSql);
    if (head === undefined) return undefined;
    const pieces: string[] = [];
    for (let piece = 0; piece < head.pieces; piece++) pieces.push(await this.piece(head.snapshot, piece));
    return { place: head.place ?? undefined, pieces };
  }

  private async piece(snapshot: string, piece: number): Promise<string> {
    const sql = 'select data from ring_snapshot_pieces where snapshot = $1 and piece = $2';
    const [row] = await this.database.query<{ data: string }>(sql, [snapshot, piece]);
    if (row === undefined) throw new Error(`piece ${piece} of the snapshot ${snapshot} of the rings is not there`);
    return row.data;
  }
}

const parameterOf = (batch: RingBatch): string =>
  JSON.stringify({
    at: toIso(batch.at),
    rings: batch.rings.map(({ firstSeenAt, reading }) => ({
      id: reading.ringId,
      size: reading.size,
      statistics: reading,
      first_seen_at: toIso(firstSeenAt),
    })),
    merged: batch.merged,
    ended: batch.ended,
    members: batch.members.map(({ accountId, ringId, joinedAt }) => ({
      account_id: accountId,
      ring_id: ringId ?? null,
      joined_at: toIso(joinedAt),
    })),
    hubs: batch.hubs.map(({ link, key, hub, accounts }) => ({ link, key, is_hub: hub, accounts })),
  });
