import { type Instant, toIso } from '../../model/time.js';
import {
  addressLimits,
  type EmailCodes,
  type StoredCode,
  sendLimits,
  triesPerCode,
} from '../../verification/email-code.js';
import type { Queryable } from './database.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Times since then; $5: an hour ago, $6: a day ago. */
const sentSince = (row: string, since: '$5' | '$6'): string =>
  `(select count(*) from unnest(${row}.sent_at) t where t > ${since}::timestamptz)`;
const isBelow = (row: string, { perHour, perDay }: { readonly perHour: number; readonly perDay: number }): string =>
  `${sentSince(row, '$5')} < ${perHour} and ${sentSince(row, '$6')} < ${perDay}`;
const withThis = (row: string): string =>
  `array(select t from unnest(${row}.sent_at) t where t > $6::timestamptz) || excluded.sent_at`;

/**
 * $3: now, $7: the address. What an account may not send any more does not count for the address. An address is known for
 * a day after the last code.
 */
const putSql = `with gone as (
    delete from email_code_addresses where last_at <= $6::timestamptz and address <> $7
  ), addressed as (
    insert into email_code_addresses as a (address, sent_at, last_at)
    select $7, array[$3::timestamptz], $3::timestamptz
    where not exists (select 1 from email_codes c where c.account_id = $1 and not (${isBelow('c', sendLimits)}))
    on conflict (address) do update set sent_at = ${withThis('a')}, last_at = excluded.last_at
    where ${isBelow('a', addressLimits)}
    returning 1
  )
  insert into email_codes as c (account_id, code_hash, sent_at, expires_at)
  select $1, $2, array[$3::timestamptz], $4::timestamptz from addressed
  on conflict (account_id) do update set
    code_hash = excluded.code_hash, used_hash = null, expires_at = excluded.expires_at,
    tries = case when c.code_hash is null or c.tries >= ${triesPerCode} then 0 else c.tries end,
    sent_at = ${withThis('c')}
  where ${isBelow('c', sendLimits)}
  returning 1`;

const withdrawSql = `update email_codes set code_hash = nullif(code_hash, $2), sent_at = array_remove(sent_at, $3::timestamptz)
  where account_id = $1`;

/** The try is spent in the same statement that hands out what it is compared with: two at once are two tries. */
const trySql = `update email_codes set tries = tries + 1
  where account_id = $1 and code_hash is not null and expires_at > $2 and tries < ${triesPerCode}
  returning code_hash as hash, ${triesPerCode} - tries as "triesLeft"`;

const useSql = `update email_codes set code_hash = null, used_hash = code_hash
  where account_id = $1 and code_hash = $2 returning 1`;
const usedSql = 'select used_hash as hash from email_codes where account_id = $1 and expires_at > $2';

export class SqlEmailCodes implements EmailCodes {
  constructor(private readonly database: Queryable) {}

  async put({ accountId, address, hash, sentAt, expiresAt }: StoredCode): Promise<boolean> {
    const since = [toIso(sentAt - hourMs), toIso(sentAt - dayMs)];
    const parameters = [accountId, hash, toIso(sentAt), toIso(expiresAt), ...since, address];
    const rows = await this.database.query(putSql, parameters);
    return rows.length > 0;
  }

  async withdraw({ accountId, hash, sentAt }: Parameters<EmailCodes['withdraw']>[0]): Promise<void> {
    await this.database.query(withdrawSql, [accountId, hash, toIso(sentAt)]);
  }

  async takeTry(accountId: string, now: Instant) {
    const [row] = await this.database.query<{ hash: string; triesLeft: number }>(trySql, [accountId, toIso(now)]);
    return row;
  }

  async use(accountId: string, hash: string): Promise<boolean> {
    return (await this.database.query(useSql, [accountId, hash])).length > 0;
  }

  async used(accountId: string, now: Instant) {
    const [row] = await this.database.query<{ hash: string | null }>(usedSql, [accountId, toIso(now)]);
    return row?.hash ?? undefined;
  }
}
