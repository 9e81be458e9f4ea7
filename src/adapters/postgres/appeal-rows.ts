import type { AppealFilter, AppealRow, AppealRows, AppealState, ListedRow } from '../../cases/appeal.js';
import { type Instant, toIso } from '../../model/time.js';
import type { Database } from './database.js';

interface Row {
  id: string;
  account_id: string;
  case_id: string | null;
  sealed: string;
  salt: string | null;
  appealed_at: Date;
}

interface ListRow extends Row {
  status: AppealState;
  barred_actor: string | null;
  decided_by: string | null;
}

const selectSql = `select a.id, a.account_id, a.case_id, a.sealed, a.appealed_at, s.salt
  from appeals a left join envelope_salts s on s.event_id = a.id`;

const addSql = `with salted as (
    insert into envelope_salts (event_id, account_id, salt) values ($1, $2, $4)
  )
  insert into appeals (id, account_id, sealed, appealed_at) values ($1, $2, $3, $5)`;

const removeSql = `with gone as (delete from envelope_salts where event_id = $1) delete from appeals where id = $1`;

/** An appeal holds a denied account again: that decided nothing. */
const decidedBySql = `select actor from audit
  where subject = $1 and kind = 'access.changed' and detail->>'to' in ('held', 'denied')
    and not detail ? 'appeal_id' order by seq desc limit 1`;

/** Whoever has left the case of its ring was decided about alone: what that came to is what access says. */
const statusSql = `case
    when m.left_at is not null then case when t.state in ('admitted', 'limited') then 'approved' else 'rejected' end
    when c.state = 'decided' then case when c.decision = 'approve' then 'approved' else 'rejected' end
    else 'open' end`;

/** $1: status, $2: account, $3: case, $4: before, $5: limit. */
const listSql = `select * from (
    select a.id, a.account_id, a.case_id, a.sealed, a.appealed_at, s.salt, ${statusSql} as status,
      c.barred_actor, case when c.state = 'decided' then c.decided_by end as decided_by
    from appeals a
    left join envelope_salts s on s.event_id = a.id
    left join cases c on c.id = a.case_id
    left join case_accounts m on m.case_id = a.case_id and m.account_id = a.account_id
    left join accounts t on t.account_id = a.account_id
    where ($2::text is null or a.account_id = $2) and ($3::text is null or a.case_id = $3)
      and ($4::text is null or a.id < $4)
  ) l where ($1::text is null or l.status = $1) order by l.id desc limit $5`;

export class SqlAppealRows implements AppealRows {
  constructor(private readonly database: Database) {}

  add({ id, accountId, sealed, salt, appealedAt, since }: Parameters<AppealRows['add']>[0]) {
    return this.database.transaction(async (tx) => {
      // Two appeals at once: the second waits here and finds the first.
      const [account] = await tx.query('select 1 from accounts where account_id = $1 for update', [accountId]);
      if (account === undefined) return 'no_account';
      const recent = 'select 1 from appeals where account_id = $1 and appealed_at > $2 limit 1';
      if ((await tx.query(recent, [accountId, toIso(since)])).length > 0) return 'too_soon';
      await tx.query(addSql, [id, accountId, sealed, salt, toIso(appealedAt)]);
      return 'added';
    });
  }

  async remove(appealId: string): Promise<void> {
    await this.database.query(removeSql, [appealId]);
  }

  async setCase(appealId: string, caseId: string): Promise<void> {
    await this.database.query('update appeals set case_id = $2 where id = $1', [appealId, caseId]);
  }

  async get(appealId: string): Promise<AppealRow | undefined> {
    const [row] = await this.database.query<Row>(`${selectSql} where a.id = $1`, [appealId]);
    return row && appealOf(row);
  }

  async latest(accountId: string): Promise<Instant | undefined> {
    const sql = 'select appealed_at from appeals where account_id = $1 order by appealed_at desc limit 1';
    const [row] = await this.database.query<{ appealed_at: Date }>(sql, [accountId]);
    return row?.appealed_at.getTime();
  }

  async decidedBy(accountId: string): Promise<string | undefined> {
    return (await this.database.query<{ actor: string }>(decidedBySql, [accountId]))[0]?.actor;
  }

  async list({ status, accountId, caseId, before, limit }: AppealFilter): Promise<readonly ListedRow[]> {
    const parameters = [status ?? null, accountId ?? null, caseId ?? null, before ?? null, limit];
    const rows = await this.database.query<ListRow>(listSql, parameters);
    return rows.map((row) => ({
      ...appealOf(row),
      status: row.status,
      barredActor: row.barred_actor,
      decidedBy: row.decided_by,
    }));
  }

  async withoutCase(before: Instant, limit: number): Promise<readonly AppealRow[]> {
    const sql = `${selectSql} where a.case_id is null and a.appealed_at < $1 order by a.appealed_at limit $2`;
    return (await this.database.query<Row>(sql, [toIso(before), limit])).map(appealOf);
  }
}

const appealOf = (row: Row): AppealRow => ({
  id: row.id,
  accountId: row.account_id,
  caseId: row.case_id,
  appealedAt: row.appealed_at.getTime(),
  sealed: row.sealed,
  salt: row.salt ?? undefined,
});
