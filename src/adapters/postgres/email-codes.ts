import { type EmailCodes, type StoredCode, sendLimits, triesPerCode } from '../../cases/email-code.js';
import { type Instant, toIso } from '../../model/time.js';
import type { Queryable } from './database.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** $3: now, $5: an hour ago, $6: a day ago. */
const putSql = `insert into email_codes as c (account_id, code_hash, sent_at, expires_at)
  values ($1, $2, array[$3::timestamptz], $4)
  on conflict (account_id) do update set
    code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0,
    sent_at = array(select t from unnest(c.sent_at) t where t > $6::timestamptz) || excluded.sent_at
  where (select count(*) from unnest(c.sent_at) t where t > $5::timestamptz) < ${sendLimits.perHour}
    and (select count(*) from unnest(c.sent_at) t where t > $6::timestamptz) < ${sendLimits.perDay}
  returning 1`;

const withdrawSql = `update email_codes set code_hash = null, sent_at = array_remove(sent_at, $2::timestamptz)
  where account_id = $1`;

/** The try is spent in the same statement that hands out what it is compared with: two at once are two tries. */
const trySql = `update email_codes set tries = tries + 1
  where account_id = $1 and code_hash is not null and expires_at > $2 and tries < ${triesPerCode}
  returning code_hash as hash, ${triesPerCode} - tries as "triesLeft"`;

const useSql = 'update email_codes set code_hash = null where account_id = $1 and code_hash = $2 returning 1';

export class SqlEmailCodes implements EmailCodes {
  constructor(private readonly database: Queryable) {}

  async put({ accountId, hash, sentAt, expiresAt }: StoredCode): Promise<boolean> {
    const since = [toIso(sentAt - hourMs), toIso(sentAt - dayMs)];
    const rows = await this.database.query(putSql, [accountId, hash, toIso(sentAt), toIso(expiresAt), ...since]);
    return rows.length > 0;
  }

  async withdraw(accountId: string, sentAt: Instant): Promise<void> {
    await this.database.query(withdrawSql, [accountId, toIso(sentAt)]);
  }

  async takeTry(accountId: string, now: Instant) {
    const [row] = await this.database.query<{ hash: string; triesLeft: number }>(trySql, [accountId, toIso(now)]);
    return row;
  }

  async use(accountId: string, hash: string): Promise<boolean> {
    return (await this.database.query(useSql, [accountId, hash])).length > 0;
  }
}
