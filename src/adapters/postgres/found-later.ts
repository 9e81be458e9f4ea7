import { judgedAgainKind } from '../../accounts/rescore-account.js';
import type { FoundLater } from '../../evaluate/explain-ports.js';
import type { Queryable } from './database.js';

const latestSql = `select at, detail from audit
  where subject = $1 and kind = '${judgedAgainKind}' and detail->>'event_id' = $2 order by seq desc limit 1`;

interface FoundRow {
  at: Date;
  detail: Omit<FoundLater, 'at'>;
}

/** What an account's decision came to when it was made again with the inputs that it had missed. */
export const readFoundLater =
  (database: Queryable) =>
  async (accountId: string, eventId: string): Promise<FoundLater | undefined> => {
    const [row] = await database.query<FoundRow>(latestSql, [accountId, eventId]);
    return row && { ...row.detail, at: row.at.getTime() };
  };
