import type { IdPrefix } from '../../model/ids.js';
import { type Instant, toIso } from '../../model/time.js';
import type {
  DeliveryQuery,
  DeliveryResult,
  DisabledReason,
  EndpointChange,
  TakenDelivery,
  WebhookActor,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookMessage,
  Webhooks,
} from '../../outbox/webhooks.js';
import type { Sealer } from '../crypto/sealer.js';
import type { Database } from './database.js';
import {
  addSql,
  changeSql,
  type DeliveryRow,
  deliveryOf,
  disableSql,
  type EndpointRow,
  endpointColumns,
  endpointOf,
  enqueueSql,
  finishSql,
  removeSql,
  retrySql,
  rotateSql,
  takeSql,
} from './webhook-rows.js';

interface SqlWebhooksOptions {
  readonly sealer: Sealer;
  readonly newId: (prefix: IdPrefix) => string;
}

type TakenRow = DeliveryRow & { url: string; secret: string; former_secret: string | null };

/** Secrets are sealed with the installation's key: they have to be read again to sign. */
export class SqlWebhooks implements Webhooks {
  constructor(
    private readonly database: Database,
    private readonly options: SqlWebhooksOptions,
  ) {}

  async endpoints(): Promise<readonly WebhookEndpoint[]> {
    const rows = await this.database.query<EndpointRow>(`select ${endpointColumns} from webhook_endpoints order by id`);
    return rows.map(endpointOf);
  }

  async endpoint(id: string): Promise<WebhookEndpoint | undefined> {
    const sql = `select ${endpointColumns} from webhook_endpoints where id = $1`;
    const [row] = await this.database.query<EndpointRow>(sql, [id]);
    return row && endpointOf(row);
  }

  async add(endpoint: WebhookEndpoint, secret: string): Promise<void> {
    const { id, url, description, events, createdAt, createdBy } = endpoint;
    const sealed = this.options.sealer.seal(secret);
    await this.database.query(addSql, [new Date(createdAt), createdBy, id, url, description, events, sealed]);
  }

  async change(id: string, change: EndpointChange, { actor, now }: WebhookActor): Promise<WebhookEndpoint | undefined> {
    const { url = null, description = null, events = null, disabledBecause } = change;
    const state = [disabledBecause !== undefined, disabledBecause ?? null];
    const values = [new Date(now), actor, id, url, description, events, ...state];
    const [row] = await this.database.query<EndpointRow>(changeSql, values);
    return row && endpointOf(row);
  }

  async rotate(
    id: string,
    { secret, formerUntil }: { readonly secret: string; readonly formerUntil: Instant },
    { actor, now }: WebhookActor,
  ): Promise<WebhookEndpoint | undefined> {
    const values = [new Date(now), actor, id, this.options.sealer.seal(secret), new Date(formerUntil)];
    const [row] = await this.database.query<EndpointRow>(rotateSql, values);
    return row && endpointOf(row);
  }

  async remove(id: string, { actor, now }: WebhookActor): Promise<boolean> {
    return (await this.database.query(removeSql, [new Date(now), actor, id])).length > 0;
  }

  async deliveries({ endpointId, state, before, limit }: DeliveryQuery): Promise<readonly WebhookDelivery[]> {
    const sql = `select * from webhook_deliveries
      where ($1::text is null or endpoint_id = $1) and ($2::text is null or state = $2) and ($3::text is null or id < $3)
      order by id desc limit $4`;
    const values = [endpointId ?? null, state ?? null, before ?? null, limit];
    return (await this.database.query<DeliveryRow>(sql, values)).map(deliveryOf);
  }

  async retry(id: string, { actor, now }: WebhookActor): Promise<WebhookDelivery | undefined> {
    const [row] = await this.database.query<DeliveryRow>(retrySql, [new Date(now), actor, id]);
    return row && deliveryOf(row);
  }

  async enqueue(messages: readonly WebhookMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const rows = (await this.wanted()).flatMap(({ id: endpoint, events }) =>
      messages
        .filter(({ event }) => events.includes(event))
        .map((message) => ({
          ...message,
          id: this.options.newId('msg'),
          endpoint,
          message: message.id,
          at: toIso(message.at),
        })),
    );
    if (rows.length > 0) await this.database.query(enqueueSql, [JSON.stringify(rows)]);
  }

  private wanted(): Promise<Pick<EndpointRow, 'id' | 'events'>[]> {
    return this.database.query('select id, events from webhook_endpoints where disabled_because is null');
  }

  async take(limits: { readonly limit: number; readonly perEndpoint: number; readonly leaseMs: number }) {
    const { limit, perEndpoint, leaseMs } = limits;
    const rows = await this.database.query<TakenRow>(takeSql, [limit, perEndpoint, leaseMs]);
    return rows.map(
      (row): TakenDelivery => ({ delivery: deliveryOf(row), url: row.url, secrets: this.secretsOf(row) }),
    );
  }

  async finish(id: string, result: DeliveryResult, nextAttemptAt: Instant | null): Promise<void> {
    const { isDelivered, status, error } = result;
    const next = nextAttemptAt === null ? null : new Date(nextAttemptAt);
    await this.database.query(finishSql, [id, isDelivered, status, error, next]);
  }

  async disable(endpointId: string, because: DisabledReason, now: Instant): Promise<boolean> {
    return (await this.database.query(disableSql, [new Date(now), 'system', endpointId, because])).length > 0;
  }

  async forget(olderThanMs: number): Promise<number> {
    const sql = `delete from webhook_deliveries where finished_at < now() - $1 * interval '1 millisecond' returning id`;
    return (await this.database.query(sql, [olderThanMs])).length;
  }

  /** A secret that this installation's key cannot open signs nothing. */
  private secretsOf({ secret, former_secret }: TakenRow): readonly string[] {
    return [secret, former_secret].flatMap((sealed) =>
      sealed === null ? [] : (this.options.sealer.open(sealed) ?? []),
    );
  }
}
