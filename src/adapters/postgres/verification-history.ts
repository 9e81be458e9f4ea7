import type { VerificationHistory } from '../../cases/verification-desk.js';
import type { VerificationMethod } from '../../model/rule.js';
import { type VerificationRow, verificationOf } from './case-rows.js';
import type { Queryable } from './database.js';

interface LinkRow {
  method: VerificationMethod;
  url: string;
}

const rowsSql = 'select * from verifications where account_id = $1 order by requested_at, id';
const linksSql = 'select method, url from provider_links where account_id = $1 order by given_at';

export class SqlVerificationHistory implements VerificationHistory {
  constructor(private readonly database: Queryable) {}

  async of(accountId: string) {
    return (await this.database.query<VerificationRow>(rowsSql, [accountId])).map(verificationOf);
  }

  async linksOf(accountId: string) {
    const rows = await this.database.query<LinkRow>(linksSql, [accountId]);
    return new Map(rows.map(({ method, url }) => [method, url]));
  }
}
