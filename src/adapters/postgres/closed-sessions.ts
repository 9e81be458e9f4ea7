import type { ClosedSessions } from '../../model/closed-sessions.js';
import type { Clock, Instant } from '../../model/time.js';
import type { Queryable } from './database.js';

const closeSql = `with over as (delete from closed_sessions where expires_at <= $3)
  insert into closed_sessions (id, expires_at) values ($1, $2) on conflict (id) do nothing`;

/** Sessions that were ended are few, and are over within a day: all are kept in memory and read again every few seconds. */
export class SqlClosedSessions implements ClosedSessions {
  private known: Set<string> | undefined;
  /** Ended here: a reading that began before does not have them. */
  private readonly own = new Map<string, Instant>();
  private readonly listeners: ((id: string) => void)[] = [];

  constructor(
    private readonly database: Pick<Queryable, 'query'>,
    private readonly clock: Clock,
  ) {}

  async close(id: string, expiresAt: Instant): Promise<void> {
    await this.database.query(closeSql, [id, new Date(expiresAt), new Date(this.clock.now())]);
    // Not before: what is not written down would end here alone, and go on after a start.
    this.own.set(id, expiresAt);
    this.tell(id);
  }

  async isClosed(id: string): Promise<boolean> {
    if (this.known === undefined) await this.refresh();
    return this.own.has(id) || this.known?.has(id) === true;
  }

  onClosed(listener: (id: string) => void): void {
    this.listeners.push(listener);
  }

  /** Asked for regularly; rejects while the database is away. */
  async refresh(): Promise<void> {
    const now = this.clock.now();
    const sql = 'select id from closed_sessions where expires_at > $1';
    const rows = await this.database.query<{ id: string }>(sql, [new Date(now)]);
    const before = this.known;
    this.known = new Set(rows.map(({ id }) => id));
    for (const id of this.known) if (!before?.has(id) && !this.own.has(id)) this.tell(id);
    for (const [id, expiresAt] of this.own) if (expiresAt <= now) this.own.delete(id);
  }

  private tell(id: string): void {
    for (const listener of this.listeners) listener(id);
  }
}
