import type { PastDecision, PastDecisions, PastDecisionsQuery } from '../../decisions/past-decisions.js';
import type { AccessState } from '../../model/access.js';
import type { Decision } from '../../model/decision.js';
import type { Label } from '../../model/label.js';
import { toIso } from '../../model/time.js';
import type { Value } from '../../model/value.js';
import type { Queryable } from './database.js';

interface PastRow {
  answer: Decision;
  inputs: Record<string, Value>;
  occurred_at: Date;
  state: AccessState;
  label: Label | null;
}

/** The page is cut out by its index before accounts and labels are looked up. */
const pageSql = `select d.answer, d.inputs, d.occurred_at, a.state, l.label
  from (
    select id, account_id, answer, inputs, occurred_at, decided_at from decisions
    where (decided_at, id) > ($1::timestamptz, $2) and decided_at < $3
    order by decided_at, id limit $4
  ) d
  join accounts a on a.account_id = d.account_id
  left join lateral (
    select label from labels where labels.account_id = d.account_id order by observed_at desc, id desc limit 1
  ) l on true
  order by d.decided_at, d.id`;

/** Read by whoever has time: give it the patient connection, so that answers never wait for a page. */
export class SqlPastDecisions implements PastDecisions {
  constructor(private readonly database: Queryable) {}

  async page({ since, until, after, limit }: PastDecisionsQuery): Promise<readonly PastDecision[]> {
    // No id sorts before the empty text: the first page begins at `since` itself.
    const place = after ?? { decidedAt: since, decisionId: '' };
    const parameters = [toIso(place.decidedAt), place.decisionId, toIso(until), limit];
    const rows = await this.database.query<PastRow>(pageSql, parameters);
    return rows.map(({ answer, inputs, occurred_at, state, label }) => ({
      decision: answer,
      inputs,
      occurredAt: occurred_at.getTime(),
      state,
      label: label ?? undefined,
    }));
  }
}
