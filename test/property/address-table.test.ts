import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressTable, lastWords, type ValuedRange } from '../../src/lists/address-table.js';
import type { Overlap } from '../../src/lists/flatten.js';
import { type IpAddress, networkOf, parseIpAddress, rangeContains } from '../../src/model/ip-address.js';

const addressOf = (version: 4 | 6, words: readonly [number, number, number, number]): IpAddress => ({
  version,
  words,
  text: '',
});

/** Words near each other and at the ends of the space, so that ranges touch, nest and share borders. */
const word = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x0a000000, 0x0a00ffff, 0x0a010000),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const v4 = word.map((last) => addressOf(4, [0, 0, 0, last]));
const v6 = fc.tuple(fc.constantFrom(0, 0x20010db8, 0xffffffff), word, word, word).map((words) => addressOf(6, words));
const address = fc.oneof(v4, v6);

const range = fc.tuple(address, fc.integer({ min: 0, max: 128 }), fc.integer({ min: 1, max: 0xffffffff })).map(
  ([base, bits, value]): ValuedRange => ({
    range: networkOf(base, base.version === 4 ? bits % 33 : bits),
    value,
  }),
);

/** The slow way: every range is looked at. */
function slowly(ranges: readonly ValuedRange[], at: IpAddress, overlap: Overlap): number {
  const around = ranges.filter((one) => rangeContains(one.range, at));
  if (overlap === 'union') return around.reduce((mask, one) => (mask | one.value) >>> 0, 0);
  const narrowest = Math.max(-1, ...around.map((one) => one.range.bits));
  return around.find((one) => one.range.bits === narrowest)?.value ?? 0;
}

const edges = (ranges: readonly ValuedRange[]): IpAddress[] =>
  ranges.flatMap(({ range }) => [addressOf(range.version, range.words), addressOf(range.version, lastWords(range))]);

describe.each<Overlap>(['union', 'narrowest'])('a table of overlapping ranges (%s)', (overlap) => {
  it('answers like a walk over all ranges, inside, outside and at every border', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 40 }), fc.array(address, { maxLength: 40 }), (ranges, addresses) => {
        const table = addressTable(ranges, overlap);
        for (const at of [...addresses, ...edges(ranges)]) expect(table.lookup(at)).toBe(slowly(ranges, at, overlap));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a table of ranges', () => {
  it('merges neighbours that hold the same value', () => {
    const ranges = ['10.0.0.0', '10.0.0.128'].flatMap((text) => {
      const base = parseIpAddress(text);
      return base === undefined ? [] : [{ range: networkOf(base, 25), value: 1 }];
    });
    expect([...addressTable(ranges, 'union').v4.starts]).toEqual([0, 0x0a000000, 0x0a000100]);
  });

  it('knows nothing when it is empty', () => {
    const table = addressTable([], 'union');
    expect(table.lookup(addressOf(4, [0, 0, 0, 5]))).toBe(0);
    expect(table.lookup(addressOf(6, [0xffffffff, 0, 0, 5]))).toBe(0);
  });
});
