import { type Instant, toIso } from '../../model/time.js';
import type { VerificationHistory } from '../../verification/verification-desk.js';
import type { VerificationRequest } from '../../verification/verification-work.js';
import { type VerificationRow, verificationOf } from './case-rows.js';
import type { Queryable } from './database.js';

interface LinkRow {
  request_id: string;
  url: string | null;
}

const rowsSql = 'select * from verifications where account_id = $1 order by requested_at, id';
const rowSql = 'select * from verifications where id = $1';
const linksSql = 'select request_id, url from provider_links where account_id = $1';

const silentSql = `select distinct account_id from verifications
  where state = 'requested' and requested_at < $1 order by account_id limit $2`;

const savePendingSql = `insert into provider_links (request_id, account_id, method, url, given_at)
  values ($1, $2, $3, $4, $5) on conflict (request_id) do update set url = excluded.url, given_at = excluded.given_at
  where excluded.url is not null`;

export class SqlVerificationHistory implements VerificationHistory {
  constructor(private readonly database: Queryable) {}

  async of(accountId: string) {
    return (await this.database.query<VerificationRow>(rowsSql, [accountId])).map(verificationOf);
  }

  async byId(id: string) {
    const [row] = await this.database.query<VerificationRow>(rowSql, [id]);
    return row && verificationOf(row);
  }

  async pendingOf(accountId: string) {
    const rows = await this.database.query<LinkRow>(linksSql, [accountId]);
    return new Map(rows.map(({ request_id, url }) => [request_id, url ?? undefined]));
  }

  async silentSince(before: Instant, limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ account_id: string }>(silentSql, [toIso(before), limit]);
    return rows.map(({ account_id }) => account_id);
  }

  /** Without a `url`, the one that was given before stays. */
  async savePending({ requestId, accountId, method }: VerificationRequest, url: string | undefined, now: Instant) {
    await this.database.query(savePendingSql, [requestId, accountId, method, url ?? null, toIso(now)]);
  }
}
