import type { KeptListEntry, ListActor, ListEntries, ListEntryPage, ListEntryState } from '../../lists/list-entries.js';
import type { ListKind } from '../../model/list.js';
import type { Instant } from '../../model/time.js';
import type { Database, Queryable } from './database.js';

interface EntryRow {
  id: string;
  list: string;
  key: string;
  value: string;
  kind: ListKind;
  state: ListEntryState;
  reason: string;
  added_by: string;
  added_at: Date;
  expires_at: Date | null;
  confirmed_by: string | null;
  confirmed_at: Date | null;
}

const entryOf = (row: EntryRow): KeptListEntry => ({
  id: row.id,
  list: row.list,
  key: row.key,
  value: row.value,
  kind: row.kind,
  state: row.state,
  reason: row.reason,
  addedBy: row.added_by,
  addedAt: row.added_at.getTime(),
  expiresAt: row.expires_at?.getTime() ?? null,
  confirmedBy: row.confirmed_by,
  confirmedAt: row.confirmed_at?.getTime() ?? null,
});

const dateOrNull = (at: Instant | null): Date | null => (at === null ? null : new Date(at));

/** The entry's id stands for its value. */
const auditOf = (kind: string, change: string, actor: string): string => `with changed as (${change}),
  told as (
    insert into audit (at, actor, kind, subject, detail)
    select $1::timestamptz, ${actor}, '${kind}', c.list, jsonb_build_object('entry_id', c.id, 'state', c.state)
    from changed c
  )
  select * from changed`;

const addSql = auditOf(
  'list.entry_added',
  `insert into list_entries (id, list, key, value, kind, state, reason, added_by, added_at, expires_at)
   values ($3, $4, $5, $6, $7, $8, $9, $2, $1, $10) on conflict (list, key) do nothing returning *`,
  '$2',
);
const confirmSql = auditOf(
  'list.entry_confirmed',
  `update list_entries set state = 'active', confirmed_by = $2, confirmed_at = $1
   where list = $3 and key = $4 and state = 'pending' and added_by <> $2 and (expires_at is null or expires_at > $1)
   returning *`,
  '$2',
);
const removeSql = auditOf(
  'list.entry_removed',
  `delete from list_entries
   where list = $3 and key = $4 and (expires_at is null or expires_at > $1) returning *`,
  '$2',
);
const expireSql = auditOf(
  'list.entry_expired',
  'delete from list_entries where expires_at <= $1 returning *',
  `'system'`,
);

/** Any number of instances may change entries; each sees the others' changes by the revision. */
export class SqlListEntries implements ListEntries {
  constructor(private readonly database: Database) {}

  async revision(): Promise<number> {
    const [row] = await this.database.query<{ number: number }>('select number from list_revision');
    return row?.number ?? 0;
  }

  async active(now: Instant): Promise<readonly KeptListEntry[]> {
    const sql = `select * from list_entries where state = 'active' and (expires_at is null or expires_at > $1) order by id`;
    return (await this.database.query<EntryRow>(sql, [new Date(now)])).map(entryOf);
  }

  async page({ list, limit, before, now }: ListEntryPage): Promise<readonly KeptListEntry[]> {
    const sql = `select * from list_entries
      where list = $1 and ($2::text is null or id < $2) and (expires_at is null or expires_at > $3)
      order by id desc limit $4`;
    return (await this.database.query<EntryRow>(sql, [list, before ?? null, new Date(now), limit])).map(entryOf);
  }

  async counts(now: Instant) {
    const sql = `select list, count(*) filter (where state = 'active') as active,
        count(*) filter (where state = 'pending') as pending
      from list_entries where expires_at is null or expires_at > $1 group by list`;
    const rows = await this.database.query<{ list: string; active: number; pending: number }>(sql, [new Date(now)]);
    return new Map(rows.map(({ list, active, pending }) => [list, { active, pending }]));
  }

  async find(list: string, key: string, now: Instant): Promise<KeptListEntry | undefined> {
    const sql = 'select * from list_entries where list = $1 and key = $2 and (expires_at is null or expires_at > $3)';
    const [row] = await this.database.query<EntryRow>(sql, [list, key, new Date(now)]);
    return row && entryOf(row);
  }

  async add(entry: KeptListEntry): Promise<boolean> {
    const { id, list, key, value, kind, state, reason, addedBy, addedAt, expiresAt } = entry;
    const values = [new Date(addedAt), addedBy, id, list, key, value, kind, state, reason, dateOrNull(expiresAt)];
    return this.change(async (tx) => {
      // One that has expired must not stand in the way.
      await tx.query(expireSql, [new Date(addedAt)]);
      return (await tx.query(addSql, values)).length > 0;
    });
  }

  async confirm(list: string, key: string, { actor, now }: ListActor): Promise<KeptListEntry | undefined> {
    const [row] = await this.change((tx) => tx.query<EntryRow>(confirmSql, [new Date(now), actor, list, key]));
    return row && entryOf(row);
  }

  async remove(list: string, key: string, { actor, now }: ListActor): Promise<boolean> {
    return (await this.change((tx) => tx.query(removeSql, [new Date(now), actor, list, key]))).length > 0;
  }

  async forgetExpired(now: Instant): Promise<number> {
    const due = await this.database.query('select 1 from list_entries where expires_at <= $1 limit 1', [new Date(now)]);
    if (due.length === 0) return 0;
    return (await this.change((tx) => tx.query(expireSql, [new Date(now)]))).length;
  }

  /** The revision's lock comes first: whoever sees a number sees everything that went before it. */
  private change<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await tx.query('update list_revision set number = number + 1');
      return work(tx);
    });
  }
}
