import type { Backlog } from '../../outbox/backlog.js';
import type { StreamPlace } from '../../rings/ring-stream.js';
import { readAuditHead } from './audit-chain.js';
import type { Database } from './database.js';
import { SqlOutbox } from './outbox.js';
import { SqlRingStream } from './ring-stream.js';

interface WebhooksRow {
  pending: number;
  oldest_ms: number;
  by_hand: number;
  gone: number;
  unreachable: number;
}

/** By the partial index of what is pending. */
const webhooksSql = `select p.pending, p.oldest_ms, e.by_hand, e.gone, e.unreachable
  from (
    select count(*) as pending, coalesce(extract(epoch from now() - min(w.created_at)) * 1000, 0)::float8 as oldest_ms
    from webhook_endpoints o join webhook_deliveries w on w.endpoint_id = o.id and w.state = 'pending'
    where o.disabled_because is null
  ) p, (
    select count(*) filter (where disabled_because = 'by_hand') as by_hand,
      count(*) filter (where disabled_because = 'gone') as gone,
      count(*) filter (where disabled_because = 'unreachable') as unreachable
    from webhook_endpoints
  ) e`;

/** Rows come in the order of their numbers, but for a few. */
const unsealedSql = `select greatest(0, coalesce((select max(seq) from audit), 0)
    - coalesce((select seq from audit_links order by count desc limit 1), 0)) as unsealed`;

const keptSql = `select lease_until > now() as is_kept,
    (select place from ring_snapshots order by number desc limit 1) as place from ring_worker`;

/** Any instance can tell it: it is in the database. */
export class SqlBacklogFigures {
  constructor(private readonly database: Database) {}

  async read(): Promise<Backlog> {
    const [outbox, auditRows, webhooks, ringLagMs] = [
      await new SqlOutbox(this.database).backlog(),
      await this.auditRows(),
      await this.webhooks(),
      await this.ringLagMs(),
    ];
    return { outbox, auditRows, ...webhooks, ringLagMs };
  }

  private async auditRows(): Promise<Backlog['auditRows']> {
    const [row] = await this.database.query<{ unsealed: number }>(unsealedSql);
    const head = await readAuditHead(this.database);
    return { sealed: head?.count ?? 0, unsealed: Number(row?.unsealed ?? 0) };
  }

  private async webhooks(): Promise<Pick<Backlog, 'webhooks' | 'disabledEndpoints'>> {
    const [row] = await this.database.query<WebhooksRow>(webhooksSql);
    const { pending: count = 0, oldest_ms: oldestMs = 0, by_hand = 0, gone = 0, unreachable = 0 } = row ?? {};
    return { webhooks: { count, oldestMs }, disabledEndpoints: { by_hand, gone, unreachable } };
  }

  /** Whoever takes the rings up next begins at the last snapshot. */
  private async ringLagMs(): Promise<number | undefined> {
    const [row] = await this.database.query<{ is_kept: boolean; place: StreamPlace | null }>(keptSql);
    if (row === undefined || row.is_kept) return undefined;
    return new SqlRingStream(this.database, 'bounded').lagMs(row.place ?? undefined);
  }
}
