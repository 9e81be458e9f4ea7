import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { containsCardNumber } from '../../src/model/card-number.js';

const passesLuhn = (digits: string): boolean =>
  [...digits]
    .reverse()
    .map((digit, place) => Number(digit) * (place % 2 === 0 ? 1 : 2))
    .reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) %
    10 ===
  0;

/** Every sequence of groups, put together and looked at by itself. */
const slowly = (groups: readonly string[]): boolean =>
  groups.some((_, from) =>
    groups.some((_, to) => {
      const digits = groups.slice(from, to + 1).join('');
      return to >= from && digits.length >= 13 && digits.length <= 19 && passesLuhn(digits);
    }),
  );

const group = fc.stringMatching(/^[0-9]{1,6}$/);
const separator = fc.constantFrom(' ', '-', ' - ', '\u2013', '   ');

describe('card numbers in groups of digits', () => {
  it('are found exactly where some groups that follow one another are one', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 12 }), separator, (groups, between) => {
        expect(containsCardNumber(`no. ${groups.join(between)}.`)).toBe(slowly(groups));
      }),
      { numRuns: 2000 },
    );
  });

  it('are found after a thousand groups of one digit', () => {
    const noise = Array.from({ length: 1000 }, () => '0'.repeat(20)).join('-');
    expect(containsCardNumber(`${noise} 4111 1111 1111 1111`)).toBe(true);
    expect(containsCardNumber(`${noise} 4111 1111 1111 1112`)).toBe(false);
  });
});
