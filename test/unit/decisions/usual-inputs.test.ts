import { describe, expect, it } from '@jest/globals';
import { type AdmittedInputs, usualInputs } from '../../../src/decisions/usual-inputs.js';
import type { Value } from '../../../src/model/value.js';

const sampleOf = (...rows: (Value | null)[][]): AdmittedInputs[] =>
  rows.map((values, at) => ({ decidedAt: 1000 * at, values }));

describe('what is usual', () => {
  it('is told of a number by its range and by how many have as much', () => {
    const twenty = sampleOf(...Array.from({ length: 20 }, (_none, n) => [20 - n]));
    expect(usualInputs([['accounts', 18]], twenty)).toEqual([
      { name: 'accounts', value: 18, known: 20, same: 1, range: { low: 1, median: 10, high: 19, atLeast: 3 } },
    ]);
  });

  it('is told of a text or a yes by how many have the same, and what is missing is not counted', () => {
    const sample = sampleOf(['DE', true, null], ['FR', null, null], ['FR', false, null]);
    const asked = [
      ['geo.country', 'FR'],
      ['ip.is_vpn', true],
      ['ip.is_tor', false],
    ] as const;
    expect(usualInputs(asked, sample)).toEqual([
      { name: 'geo.country', value: 'FR', known: 3, same: 2, range: null },
      { name: 'ip.is_vpn', value: true, known: 2, same: 1, range: null },
      { name: 'ip.is_tor', value: false, known: 0, same: 0, range: null },
    ]);
  });

  it('of a number that nobody had has no range', () => {
    expect(usualInputs([['accounts', 4]], [])).toEqual([
      { name: 'accounts', value: 4, known: 0, same: 0, range: null },
    ]);
  });
});
