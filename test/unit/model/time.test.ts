import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInstant, parseInstant, toIso } from '../../../src/model/time.js';

describe('a time from outside', () => {
  it('is one that ids, PostgreSQL and RFC 3339 can hold, with years to come', () => {
    const first = Date.UTC(1970, 0, 1);
    const end = Date.UTC(9000, 0, 1);
    expect([first - 1, first, end - 1, end].map(isInstant)).toEqual([false, true, true, false]);
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].some(isInstant)).toBe(false);
  });

  it('is read where it is one', () => {
    expect(parseInstant('2026-05-01T12:00:00+02:00')).toBe(Date.UTC(2026, 4, 1, 10));
    expect(['soon', '', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map(parseInstant)).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('an instant as text', () => {
  it('is what Date makes of it, in whatever order days come', () => {
    const instants = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    const ofOneYear = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) });
    fc.assert(
      fc.property(fc.array(fc.oneof(instants, ofOneYear), { minLength: 1 }), (all) => {
        expect(all.map(toIso)).toEqual(all.map((at) => new Date(at).toISOString()));
      }),
    );
  });

  it('has every place filled', () => {
    expect(toIso(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe('2026-01-02T03:04:05.006Z');
    expect(toIso(Date.UTC(2026, 10, 21, 23, 59, 59, 999))).toBe('2026-11-21T23:59:59.999Z');
    expect(toIso(0)).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is refused where there is no such instant', () => {
    expect(() => toIso(Number.NaN)).toThrow(RangeError);
  });
});
