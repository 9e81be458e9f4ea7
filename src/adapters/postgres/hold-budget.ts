import type { BudgetReading, HeldAccounts, HoldBudget } from '../../evaluate/hold-budget.js';
import { type Instant, toIso } from '../../model/time.js';
import type { Database } from './database.js';

/** Whoever is held has a case, of its own or its ring's, since then; known frauds are nobody's cost. */
const heldSql = `with held as (
    select account_id, coalesce(decision = 'approve', false) as approved from cases
    where opened_at >= $1 and not whole_ring
    union all
    select m.account_id, coalesce(c.decision = 'approve', false) from case_accounts m join cases c on c.id = m.case_id
    where m.joined_at >= $1
  )
  select count(*)::float8 as held, count(*) filter (where honest)::float8 as honest from (
    select h.account_id, bool_or(h.approved) or bool_or(a.verified) or bool_or(coalesce(a.label, '') = 'honest') as honest
    from held h join accounts a on a.account_id = h.account_id
    where a.label is distinct from 'fraud'
    group by h.account_id
  ) each_account`;

const alertSql = `with alerted as (
    insert into budget_alerts (over_ms, period, at, detail) values ($1, $2, $3, $4::jsonb)
    on conflict do nothing returning at, detail
  ),
  told as (
    insert into outbox (kind, subject, payload) select 'budget_exceeded', 'budget', detail from alerted
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail) select at, 'system', 'budget.exceeded', 'budget', detail from alerted
  )
  select 1 from alerted`;

/** On PostgreSQL and PGlite alike. */
export class SqlHoldBudget implements HoldBudget {
  constructor(private readonly database: Database) {}

  async heldSince(since: Instant): Promise<HeldAccounts> {
    const [row] = await this.database.query<HeldAccounts>(heldSql, [toIso(since)]);
    return { held: row?.held ?? 0, honest: row?.honest ?? 0 };
  }

  async alert(reading: BudgetReading): Promise<boolean> {
    const { at, overMs } = reading;
    const parameters = [overMs, Math.floor(at / overMs), toIso(at), JSON.stringify(budgetMessage(reading))];
    return (await this.database.query(alertSql, parameters)).length > 0;
  }
}

const budgetMessage = ({ at, evaluated, held, honest, heldShare, limit, overMs, rules }: BudgetReading) => ({
  at: toIso(at),
  evaluated,
  held,
  honest,
  held_share: heldShare,
  limit,
  over_s: overMs / 1000,
  rules,
});
