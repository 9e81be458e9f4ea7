import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Effects, EffectTable, noEffects, stricterOf } from '../../../src/backtest/effects.js';
import { type Outcome, outcomes } from '../../../src/model/rule.js';

const outcome = fc.constantFrom(...outcomes);
const event: fc.Arbitrary<Effects> = fc.record({
  outcome,
  rules: fc
    .uniqueArray(fc.record({ rule: fc.nat(5), isLive: fc.constant(true), otherwise: outcome }), {
      selector: ({ rule }) => rule,
    })
    .map((rules) => rules.sort((a, b) => a.rule - b.rule)),
});

const strictest = (all: readonly Outcome[]): Outcome => all.reduce(stricterOf, 'allow');

describe('Effects of rules on an account', () => {
  it('are those of all its events together, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 6 }), (events) => {
        const table = new EffectTable();
        const state = [...events, ...events].reduce((sum, one) => table.add(sum, table.numberOf(one)), noEffects);
        const found = table.of(state);
        expect(found.outcome).toBe(strictest(events.map((one) => one.outcome)));
        const rules = [...new Set(events.flatMap((one) => one.rules.map(({ rule }) => rule)))].sort((a, b) => a - b);
        expect(found.rules).toEqual(
          rules.map((rule) => ({
            rule,
            isLive: true,
            otherwise: strictest(
              events.map((one) => one.rules.find((effect) => effect.rule === rule)?.otherwise ?? one.outcome),
            ),
          })),
        );
      }),
      { numRuns: 300 },
    );
  });
});
