import { z } from 'zod';
import type { SeenDrops } from '../../features/dropped-records.js';
import type { Queryable } from './database.js';

const key = 'redis_drops';
const seenSchema = z.object({ droppedByRun: z.record(z.string(), z.number()), mayDrop: z.boolean() });

/** In the truth: an instance that starts, and every other one, finds what was seen last. */
export class SqlSeenDrops {
  constructor(private readonly database: Queryable) {}

  async read(): Promise<SeenDrops | undefined> {
    const [row] = await this.database.query<{ value: string }>('select value from meta where key = $1', [key]);
    return row && seenSchema.parse(JSON.parse(row.value));
  }

  /** False where something else than `former` is there by now. */
  async exchange(former: SeenDrops | undefined, seen: SeenDrops): Promise<boolean> {
    const sql = `insert into meta as m (key, value) values ($1, $2) on conflict (key)
      do update set value = excluded.value where m.value = $3 returning key`;
    const values = [key, JSON.stringify(seen), former === undefined ? '' : JSON.stringify(former)];
    return (await this.database.query(sql, values)).length > 0;
  }
}
