import { describe, expect, it } from '@jest/globals';
import type { Database } from '../../../src/adapters/postgres/database.js';
import { shareOf } from '../../../src/adapters/postgres/share-of.js';

/** A database whose calls end when they are told to. */
function held() {
  const under: string[] = [];
  const ends = new Map<string, () => void>();
  const call = (what: string): Promise<void> => {
    under.push(what);
    return new Promise((resolve) => ends.set(what, resolve));
  };
  const database: Database = {
    query: async <Row>(sql: string) => {
      await call(sql);
      if (sql === 'refused') throw new Error(sql);
      const none: Row[] = [];
      return none;
    },
    script: call,
    transaction: async (work) => {
      await call('transaction');
      return work(database);
    },
    close: () => Promise.reject(new Error('it is not for a share to close it')),
  };
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    database,
    under,
    async end(what: string): Promise<void> {
      ends.get(what)?.();
      await turn();
    },
  };
}

describe('a share of a database', () => {
  it('has so many calls under way and no more, in the order they came, whatever kind they are', async () => {
    const { database, under, end } = held();
    const share = shareOf(database, 2);
    const answers = [
      share.query('first'),
      share.query('refused').catch((error: unknown) => `${error}`),
      share.script('third'),
      share.transaction(async () => 'fourth'),
    ];
    expect(under).toEqual(['first', 'refused']);
    void database.query('somebody else');
    expect(under).toEqual(['first', 'refused', 'somebody else']);
    await end('refused');
    expect(under.slice(3)).toEqual(['third']);
    const late = share.query('late');
    await end('first');
    expect(under.slice(4)).toEqual(['transaction']);
    for (const what of ['third', 'transaction', 'late']) await end(what);
    expect(await Promise.all(answers)).toEqual([[], 'Error: refused', undefined, 'fourth']);
    expect(await late).toEqual([]);
  });

  it('leaves the database open when it is closed', async () => {
    await expect(shareOf(held().database, 1).close()).resolves.toBeUndefined();
  });
});
