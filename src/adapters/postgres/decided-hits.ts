import type { DecidedHits, DecidedHitsSource, HitsPage } from '../../evaluate/rule-evidence.js';
import type { Label } from '../../model/label.js';
import type { Outcome } from '../../model/rule.js';
import { type Instant, toIso } from '../../model/time.js';
import type { Queryable } from './database.js';

interface HitsRow {
  id: string;
  account_id: string;
  decided_at: Date;
  outcome: Outcome;
  rules: string[];
  shadow: DecidedHits['shadow'];
  without: DecidedHits['without'];
  label: Label | null;
  verified: boolean;
}

/** The page is cut out by its index before accounts are looked up. */
const pageSql = `select d.id, d.account_id, d.decided_at, coalesce(d.answer->'reported'->>'outcome', d.outcome) as outcome,
    jsonb_path_query_array(d.answer, '$.reasons[*].rule') as rules, d.answer->'shadow' as shadow,
    coalesce(d.answer->'without', '[]') as without,
    a.label, coalesce(a.verified, false) as verified
  from (
    select id, account_id, decided_at, outcome, answer from decisions
    where decided_at >= $1 and (decided_at, id) < ($2::timestamptz, $3)
    order by decided_at desc, id desc limit $4
  ) d
  left join accounts a on a.account_id = d.account_id
  order by d.decided_at desc, d.id desc`;

/** Later than any decision. */
const end = '9999-12-31T00:00:00.000Z';

/** Read by whoever has time: give it the patient connection. */
export class SqlDecidedHits implements DecidedHitsSource {
  constructor(private readonly database: Queryable) {}

  async page(since: Instant, { before, limit }: HitsPage): Promise<readonly DecidedHits[]> {
    const place = before === undefined ? [end, ''] : [toIso(before.decidedAt), before.id];
    const rows = await this.database.query<HitsRow>(pageSql, [toIso(since), ...place, limit]);
    return rows.map(({ account_id, decided_at, ...row }) => ({
      ...row,
      accountId: account_id,
      decidedAt: decided_at.getTime(),
    }));
  }
}
