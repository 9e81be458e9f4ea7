import type { RingTrace } from '../../model/ring.js';
import type { RingEntry } from '../../rings/ring-entry.js';
import type { RingStream, StreamPage, StreamPlace } from '../../rings/ring-stream.js';
import type { Database } from './database.js';

interface StreamRow {
  transaction: string;
  part: 0 | 1;
  id: string;
  account_id: string;
  at: Date;
  trace: RingTrace | null;
  held: boolean;
  fraud: boolean;
  verified: boolean;
}

/**
 * Rows of finished transactions only: one that is still open may hold a lower number than those that have committed. An
 * account's row is written again with each change, under the number of the last one.
 */
const tracesSql = (table: string, at: string): string => `select txid, 0 as part, id, account_id, ${at} as at, trace,
    false as held, false as fraud, false as verified
  from ${table}
  where trace is not null and txid < pg_snapshot_xmin(pg_current_snapshot())
    and (txid, id) > ($1::xid8, $2) order by txid, id`;
/** No id stands in both: one place serves both tables. */
const eventsSql = tracesSql('decisions', 'occurred_at');
const evidenceSql = tracesSql('evidence_traces', 'at');
/** Where rings live on the time of events, a standing is of the time of the account's last one. */
const standingAt = {
  bounded: 'standing_at',
  trusted: `coalesce((select max(d.occurred_at) from decisions d where d.account_id = accounts.account_id), standing_at)`,
} as const;
const standingsSql = (
  at: string,
): string => `select standing_txid as txid, 1 as part, account_id as id, account_id, ${at} as at,
    null::jsonb as trace, state in ('held', 'denied') as held, label is not distinct from 'fraud' as fraud, verified
  from accounts
  where standing_txid is not null and standing_txid < pg_snapshot_xmin(pg_current_snapshot())
    and (standing_txid, account_id) > ($3::xid8, $4) order by standing_txid, account_id`;

const pageSql = (
  at: string,
): string => `select txid::text as transaction, part, id, account_id, at, trace, held, fraud, verified
  from ((${eventsSql} limit $5) union all (${evidenceSql} limit $5) union all (${standingsSql(at)} limit $5)) s
  order by s.txid, s.part, s.id limit $5`;

const lagSql = `select extract(epoch from now() - min(at)) * 1000 as lag from (
    (select decided_at as at from decisions where trace is not null and (txid, id) > ($1::xid8, $2)
      order by txid, id limit 1)
    union all
    (select kept_at as at from evidence_traces where (txid, id) > ($1::xid8, $2) order by txid, id limit 1)
    union all
    (select standing_at as at from accounts where standing_txid is not null and (standing_txid, account_id) > ($3::xid8, $4)
      order by standing_txid, account_id limit 1)
  ) s`;

/** Before every transaction; no id is empty. */
const noTransaction = '0';

/** Each table's own place: everything of one transaction's events comes before its standings. */
function placesOf(after: StreamPlace | undefined): [string, string, string, string] {
  if (after === undefined) return [noTransaction, '', noTransaction, ''];
  const { transaction, part, id } = after;
  if (part === 0) return [transaction, id, transaction, ''];
  return [String(BigInt(transaction) + 1n), '', transaction, id];
}

function entryOf(row: StreamRow): RingEntry {
  const { account_id: accountId, trace, held, fraud, verified } = row;
  const at = row.at.getTime();
  if (trace !== null) return { kind: 'event', accountId, at, trace };
  return { kind: 'standing', accountId, at, held, fraud, verified };
}

const placeOf = ({ transaction, part, id }: StreamRow): StreamPlace => ({ transaction, part, id });

/** Three index scans behind two places, merged; the same on PostgreSQL and PGlite. */
export class SqlRingStream implements RingStream {
  private readonly pageSql: string;

  constructor(
    private readonly database: Database,
    eventTime: keyof typeof standingAt = 'bounded',
  ) {
    this.pageSql = pageSql(standingAt[eventTime]);
  }

  async read(after: StreamPlace | undefined, limit: number): Promise<StreamPage> {
    const rows = await this.database.query<StreamRow>(this.pageSql, [...placesOf(after), limit]);
    const last = rows.at(-1);
    return { entries: rows.map(entryOf), next: last === undefined ? after : placeOf(last) };
  }

  async mend(): Promise<void> {
    const [row] = await this.database.query<{ foreign: boolean }>('select is_ring_stream_foreign() as "foreign"');
    // It writes every row that has something to tell, which may take longer than a query may.
    if (row?.foreign === true)
      await this.database.transaction((tx) =>
        tx.script('set local statement_timeout = 0; select renumber_ring_stream()'),
      );
  }

  async lagMs(after: StreamPlace | undefined): Promise<number> {
    const [row] = await this.database.query<{ lag: string | number | null }>(lagSql, placesOf(after));
    return Math.max(0, Number(row?.lag ?? 0));
  }
}
