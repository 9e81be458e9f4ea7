import { describe, expect, it } from '@jest/globals';
import { KeyTable } from '../../../src/adapters/memory/key-table.js';

/** Numbers that look random and are the same each time. */
function* dice(): Generator<number> {
  for (let state = 7; ; ) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    yield state;
  }
}

describe('the table of keys', () => {
  it('holds what a map holds, through growth and deletion', () => {
    const table = new KeyTable<{ readonly n: number }>();
    const map = new Map<string, { readonly n: number }>();
    const rolls = dice();
    const roll = (below: number): number => (rolls.next().value ?? 0) % below;
    for (let n = 0; n < 20_000; n++) {
      const key = `key ${roll(9000)}`;
      table.set(key, { n });
      map.set(key, { n });
      if (n % 3000 !== 2999) continue;
      const odd = roll(5);
      table.deleteWhere((kept) => kept.n % 5 === odd);
      for (const [one, kept] of map) if (kept.n % 5 === odd) map.delete(one);
      expect(table.size).toBe(map.size);
    }
    for (let n = 0; n < 9000; n++) expect(table.get(`key ${n}`)).toEqual(map.get(`key ${n}`));
  });

  it('takes back a key that was deleted', () => {
    const table = new KeyTable<string>();
    table.set('', 'of nothing');
    table.deleteWhere(() => true);
    expect(table.get('')).toBeUndefined();
    table.set('', 'again');
    expect([table.get(''), table.size]).toEqual(['again', 1]);
  });
});
