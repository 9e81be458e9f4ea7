import type { Queryable } from './database.js';

/** What one person has one of, or few; an e-mail address is proof of the mailbox only, and accounts may share it. */
const identifying: ReadonlySet<string> = new Set(['phone', 'document', 'payment']);

/** Refused proofs count too: the fifth account must not make room for the sixth. */
const countSql = `select count(distinct account_id)::int as accounts from verifications
  where account_id <> $1 and evidence @> $2::jsonb`;

/** How many other accounts were verified with the same phone, document or payment method, where `most` or more were. */
export const sharedEvidence =
  (database: Queryable, most: () => number) =>
  async (accountId: string, evidence: Readonly<Record<string, string>>): Promise<number | undefined> => {
    const kinds = Object.entries(evidence).filter(([kind]) => identifying.has(kind));
    const counts = await Promise.all(
      kinds.map(async ([kind, hash]) => {
        const parameters = [accountId, JSON.stringify({ [kind]: hash })];
        const [row] = await database.query<{ accounts: number }>(countSql, parameters);
        return row?.accounts ?? 0;
      }),
    );
    const shared = Math.max(0, ...counts);
    return shared >= most() ? shared : undefined;
  };
