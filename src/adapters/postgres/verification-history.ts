import type { VerificationHistory } from '../../cases/verification-desk.js';
import type { VerificationRequest } from '../../cases/verification-work.js';
import type { VerificationMethod } from '../../model/rule.js';
import { type Instant, toIso } from '../../model/time.js';
import { type VerificationRow, verificationOf } from './case-rows.js';
import type { Queryable } from './database.js';

interface LinkRow {
  method: VerificationMethod;
  url: string;
}

const rowsSql = 'select * from verifications where account_id = $1 order by requested_at, id';
const rowSql = 'select * from verifications where id = $1';
const linksSql = 'select method, url from provider_links where account_id = $1 order by given_at';

const silentSql = `select distinct account_id from verifications
  where state = 'requested' and requested_at < $1 order by account_id limit $2`;

const saveLinkSql = `insert into provider_links (request_id, account_id, method, url, given_at)
  values ($1, $2, $3, $4, $5) on conflict (request_id) do update set url = excluded.url, given_at = excluded.given_at`;

export class SqlVerificationHistory implements VerificationHistory {
  constructor(private readonly database: Queryable) {}

  async of(accountId: string) {
    return (await this.database.query<VerificationRow>(rowsSql, [accountId])).map(verificationOf);
  }

  async byId(id: string) {
    const [row] = await this.database.query<VerificationRow>(rowSql, [id]);
    return row && verificationOf(row);
  }

  async linksOf(accountId: string) {
    const rows = await this.database.query<LinkRow>(linksSql, [accountId]);
    return new Map(rows.map(({ method, url }) => [method, url]));
  }

  async silentSince(before: Instant, limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ account_id: string }>(silentSql, [toIso(before), limit]);
    return rows.map(({ account_id }) => account_id);
  }

  async saveLink({ requestId, accountId, method }: VerificationRequest, url: string, now: Instant): Promise<void> {
    await this.database.query(saveLinkSql, [requestId, accountId, method, url, toIso(now)]);
  }
}
