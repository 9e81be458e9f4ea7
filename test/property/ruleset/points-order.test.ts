import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../../src/expression/compile-expression.js';
import { pointsOrder } from '../../../src/ruleset/diff/points-order.js';
import { rangeOf } from '../../../src/ruleset/diff/points-range.js';
import { check, slotsOf } from '../../support/expression-scope.js';

const atLeastZero = { low: 0, high: Number.POSITIVE_INFINITY };
const ranges = new Map([
  ['accounts_per_card', { low: 2, high: 9 }],
  ['signups_per_prefix', atLeastZero],
]);

const small = fc.integer({ min: 0, max: 5 }).map(String);
const { points } = fc.letrec<{ points: string }>((tie) => ({
  points: fc.oneof(
    { maxDepth: 3 },
    small,
    fc.constantFrom('accounts_per_card', 'signups_per_prefix', 'ip.asn'),
    fc
      .tuple(tie('points'), fc.constantFrom('+', '-', '*', '/'), tie('points'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc
      .tuple(fc.constantFrom('min', 'max', 'default'), tie('points'), tie('points'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    tie('points').map((a) => `log2(${a})`),
    tie('points').map((a) => `-${a}`),
  ),
}));

/** The same expression with other numbers in it: what authors edit. */
const retuned = fc
  .tuple(points, fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 8, maxLength: 8 }))
  .map(([text, numbers]): [string, string] => {
    let next = 0;
    return [text, text.replace(/\b\d\b(?!\()/g, () => String(numbers[next++ % numbers.length]))];
  });

const given = fc.record({
  accounts_per_card: fc.integer({ min: 2, max: 9 }),
  signups_per_prefix: fc.integer({ min: 0, max: 6 }),
  'ip.asn': fc.integer({ min: -3, max: 3 }),
});

describe('Points', () => {
  it('lie within their range, whatever the inputs are', () => {
    fc.assert(
      fc.property(points, fc.array(given, { minLength: 10, maxLength: 12 }), (text, many) => {
        const expression = check(text);
        const { low, high } = rangeOf(expression.ast, ranges);
        for (const one of many) {
          const value = compileExpression(expression).evaluate(slotsOf(one));
          if (typeof value !== 'number') continue;
          expect([text, one, value >= low - 1e-9 && value <= high + 1e-9]).toEqual([text, one, true]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are called more or fewer only where they always are', () => {
    let shown = 0;
    fc.assert(
      fc.property(retuned, fc.array(given, { minLength: 10, maxLength: 12 }), ([a, b], many) => {
        const [old, fresh] = [check(a), check(b)];
        const order = pointsOrder(old, fresh, ranges);
        if (order === 'either') return;
        if (a !== b) shown++;
        for (const one of many) {
          const [from, to] = [old, fresh].map((one_) => compileExpression(one_).evaluate(slotsOf(one)));
          if (typeof from !== 'number' || typeof to !== 'number') continue;
          expect([a, b, one, order === 'stricter' ? to >= from - 1e-9 : to <= from + 1e-9]).toEqual([a, b, one, true]);
        }
      }),
      { numRuns: 400 },
    );
    expect(shown).toBeGreaterThan(50);
  });
});
