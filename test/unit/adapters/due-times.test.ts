import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryDueTimes } from '../../../src/adapters/memory/due-times.js';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), id, at: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ kind: fc.constant('delete' as const), id }),
  fc.record({ kind: fc.constant('next' as const) }),
);

describe('due times in memory', () => {
  it('give the earliest of a map, whatever was set, set again and removed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const times = new MemoryDueTimes();
        const plain = new Map<string, number>();
        for (const one of steps) {
          if (one.kind === 'set') {
            times.set(one.id, one.at);
            plain.set(one.id, one.at);
          }
          if (one.kind === 'delete') {
            times.delete(one.id);
            plain.delete(one.id);
          }
          const [first] = [...plain].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
          const next = times.next();
          expect(next && [next.id, next.at]).toEqual(first);
          expect(times.size).toBe(plain.size);
        }
      }),
      { numRuns: 500 },
    );
  });
});
