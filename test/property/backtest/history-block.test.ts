import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventMark, HistoryBlock } from '../../../src/backtest/history-block.js';
import { Immature, isKnown, isOutage, type Reading, Unavailable } from '../../../src/model/value.js';

const small = fc.oneof(fc.nat(252), fc.constant(undefined), fc.constant(new Immature('young')));
const any = fc.oneof(
  small,
  fc.double({ noNaN: true }),
  fc.integer({ min: -5, max: 300 }),
  fc.constant(new Unavailable('down')),
);
const column = (): fc.Arbitrary<fc.Arbitrary<Reading>> =>
  fc.constantFrom<fc.Arbitrary<Reading>>(small, any, fc.constant(undefined));

/** What conditions can tell apart. */
const seen = (reading: Reading): unknown => (isKnown(reading) ? reading : [reading === undefined, isOutage(reading)]);

describe('A block of history', () => {
  it('comes back as it was written', () => {
    const rows = fc
      .array(column(), { minLength: 1, maxLength: 4 })
      .chain((columns) => fc.array(fc.tuple(...columns), { minLength: 1, maxLength: 20 }));
    fc.assert(
      fc.property(rows, (given) => {
        const width = given[0]?.length ?? 0;
        const block = new HistoryBlock(width);
        for (const [row, readings] of given.entries()) block.add(`evt_${row}`, readings);
        const read = new HistoryBlock(width);
        read.decode(block.encode());
        expect(read.rows).toBe(given.length);
        for (const [row, readings] of given.entries()) {
          expect(read.eventAt(row)).toBe(eventMark(`evt_${row}`));
          expect(readings.map((_, place) => seen(read.reading(place, row)))).toEqual(readings.map(seen));
        }
      }),
      { numRuns: 200 },
    );
  });
});
