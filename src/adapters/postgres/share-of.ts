import type { Database } from './database.js';

/**
 * The same database for work that nobody waits for: at most so many of its calls are under way at the same time, the
 * others wait here in their order. Without it a table that is locked for a while fills every connection with background
 * work, and requests find none. Closing it closes nothing.
 */
export function shareOf(database: Database, calls: number): Database {
  const waiting: (() => void)[] = [];
  let free = calls;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever is next has the place before anybody who comes now.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
  return {
    query: (sql, parameters) => inTurn(() => database.query(sql, parameters)),
    script: (sql) => inTurn(() => database.script(sql)),
    transaction: (work) => inTurn(() => database.transaction(work)),
    close: async () => undefined,
  };
}
