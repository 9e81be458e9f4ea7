import type { Clock, EventNow } from '../../model/time.js';
import type { Queryable } from './database.js';

/**
 * The newest event of the last decisions, in the order in which they were made: an import has come as far as that. What
 * claims to be of the future says nothing of the time.
 */
export const newestSql = `select occurred_at, decided_at
  from (select occurred_at, decided_at from decisions order by decided_at desc, id desc limit 256) d
  where occurred_at <= decided_at + interval '5 minutes'
  order by occurred_at desc, decided_at desc limit 1`;

interface NewestRow {
  occurred_at: Date;
  decided_at: Date;
}

/**
 * For EVENT_TIME=trusted: the time of the events, from the truth, so that it is one for all instances. It goes on with
 * the wall clock from the last decisions, and is never ahead of it.
 */
export const sqlEventNow =
  (database: Queryable, clock: Clock): EventNow =>
  async () => {
    const [newest] = await database.query<NewestRow>(newestSql);
    const now = clock.now();
    if (newest === undefined) return now;
    const since = Math.max(0, now - newest.decided_at.getTime());
    return Math.min(now, newest.occurred_at.getTime() + since);
  };
