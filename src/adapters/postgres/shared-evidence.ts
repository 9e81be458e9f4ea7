import { type Evidence, identifyingKinds } from '../../model/evidence.js';
import type { Queryable } from './database.js';
import { isProof } from './evidence-history.js';

/**
 * Refused proofs count too: the fifth account must not make room for the sixth. A check that failed does not: nobody can
 * spoil a stranger's number by naming it.
 */
const countSql = `select count(distinct v.account_id)::int as accounts from verifications v
  where v.account_id <> $1 and v.evidence @> $2::jsonb and ${isProof('v')}`;

/** How many other accounts were verified with the same phone, document or payment method, where `most` or more were. */
export const sharedEvidence =
  (database: Queryable, most: () => number) =>
  async (accountId: string, evidence: Evidence): Promise<number | undefined> => {
    const counts = await Promise.all(
      identifyingKinds(evidence).map(async (kind) => {
        const parameters = [accountId, JSON.stringify({ [kind]: evidence[kind] })];
        const [row] = await database.query<{ accounts: number }>(countSql, parameters);
        return row?.accounts ?? 0;
      }),
    );
    const shared = Math.max(0, ...counts);
    return shared >= most() ? shared : undefined;
  };
