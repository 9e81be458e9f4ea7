import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DistinctTally, FrequentTally, MinuteTally } from '../../../src/rings/ring-tally.js';

const minute = 60_000;

describe('tallies of a ring', () => {
  it('count different values up to their bound', () => {
    const tally = new DistinctTally(3);
    for (const value of [5, 5, 6, 7, 7, 8, 9]) tally.add(value);
    expect(tally.count).toBe(3);
  });

  it('count the last hour to the minute, late comers included, in bounded room', () => {
    const came = fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(came, (minutes) => {
        const tally = new MinuteTally();
        let newest = 0;
        for (const [index, at] of minutes.entries()) {
          tally.add(at * minute + 17);
          newest = Math.max(newest, at);
          const heard = minutes.slice(0, index + 1);
          expect(tally.within(newest * minute)).toBe(heard.filter((other) => other >= newest - 60).length);
          expect(tally.toJSON().length).toBeLessThanOrEqual(61);
        }
      }),
    );
  });

  it('find the most frequent value exactly while there are few, and never overstate it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 200 }), (values) => {
        const exact = new FrequentTally(12);
        const narrow = new FrequentTally(4);
        for (const value of values) {
          exact.add(value);
          narrow.add(value);
        }
        const most = Math.max(...values.map((one) => values.filter((other) => other === one).length));
        expect(exact.top).toBe(most);
        expect(narrow.top).toBeLessThanOrEqual(most);
        expect(narrow.top).toBeGreaterThanOrEqual(most - values.length / 5);
      }),
    );
  });
});
