import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toIso } from '../../../src/model/time.js';

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
