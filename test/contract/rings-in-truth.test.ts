import { describe, expect, it } from '@jest/globals';
import { SqlRingStream } from '../../src/adapters/postgres/ring-stream.js';
import { useOnePostgres, usePglite } from '../support/test-databases.js';
import { ringLogContract } from './ring-log.js';
import { fresh, readOn, ringStreamContract } from './ring-stream.js';

describe('Rings in the truth, on PGlite', () => {
  const database = usePglite();
  ringStreamContract(database);
  ringLogContract(database);
});

describe('Rings in the truth, on PostgreSQL', () => {
  const database = useOnePostgres();
  ringStreamContract(database);
  ringLogContract(database);

  const insertSql = `insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome,
      score, answer, inputs, sealed, trace)
    values ($1, $1, '', $1, 'signup', now(), now(), 'allow', 0, '{}', '{}', '', '{"links":[]}')`;

  it('waits for a transaction that began earlier and commits later, and skips nothing of it', async () => {
    const stream = new SqlRingStream(database());
    const { place } = await readOn(stream, undefined, 100);
    const [early, late] = [fresh(), fresh()];
    await database().transaction(async (tx) => {
      await tx.query(insertSql, [early]);
      await database().query(insertSql, [late]);
      expect((await stream.read(place, 10)).entries).toEqual([]);
    });
    const { entries } = await readOn(stream, place);
    expect(entries.map(({ accountId }) => accountId)).toEqual([early, late]);
  });

  it('reads each row exactly once while many transactions commit in any order', async () => {
    const stream = new SqlRingStream(database());
    let { place } = await readOn(stream, undefined, 100);
    const names = Array.from({ length: 120 }, fresh);
    const pauses = names.map((_name, index) => (index * 37) % 11);
    let isWriting = true;
    const write = (name: string, index: number): Promise<void> =>
      database().transaction(async (tx) => {
        await tx.query(insertSql, [name]);
        await tx.query('select pg_sleep($1)', [(pauses[index] ?? 0) / 1000]);
      });
    const writers = Promise.all(
      Array.from({ length: 8 }, async (_none, writer) => {
        for (let i = writer; i < names.length; i += 8) await write(names[i] ?? '', i);
      }),
    ).finally(() => {
      isWriting = false;
    });
    const seen: string[] = [];
    for (let last = false; !last; ) {
      last = !isWriting;
      const page = await stream.read(place, 5);
      seen.push(...page.entries.map(({ accountId }) => accountId));
      place = page.next;
      if (last && page.entries.length > 0) last = false;
    }
    await writers;
    expect([...seen].sort()).toEqual([...names].sort());
  });
});
