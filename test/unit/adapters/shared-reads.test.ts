import { describe, expect, it } from '@jest/globals';
import { SharedReads } from '../../../src/adapters/postgres/shared-reads.js';

/** A database that answers when it is told to: a row is its key in capitals, and nobody has the row of `none`. */
function heldDatabase() {
  const statements: { keys: readonly string[]; answer: () => void; fail: () => void }[] = [];
  const reads = new SharedReads<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        const rows = new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.toUpperCase()]));
        statements.push({ keys, answer: () => resolve(rows), fail: () => reject(new Error('away')) });
      }),
  );
  return { reads, statements };
}

const nextTurn = () => new Promise(setImmediate);

describe('reads that share a statement', () => {
  it('are those of one turn, and those that come while one is on its way; a key that two ask for is read once', async () => {
    const { reads, statements } = heldDatabase();
    const first = ['a', 'none', 'a'].map((key) => reads.get(key));
    await nextTurn();
    const second = [reads.get('b')];
    await nextTurn();
    second.push(reads.get('a'));
    expect(statements.map(({ keys }) => keys)).toEqual([['a', 'none']]);
    statements[0]?.answer();
    expect(await Promise.all(first)).toEqual(['A', undefined, 'A']);
    await nextTurn();
    // Asked for after the first had begun: read anew, for it may be there by now.
    expect(statements.map(({ keys }) => keys)).toEqual([
      ['a', 'none'],
      ['b', 'a'],
    ]);
    statements[1]?.answer();
    expect(await Promise.all(second)).toEqual(['B', 'A']);
  });

  it('fail together with those that wait for them, and whoever comes later is answered', async () => {
    const { reads, statements } = heldDatabase();
    const failing = [reads.get('a')];
    await nextTurn();
    failing.push(reads.get('b'));
    statements[0]?.fail();
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const later = reads.get('c');
    await nextTurn();
    statements[1]?.answer();
    expect(await later).toBe('C');
  });
});
