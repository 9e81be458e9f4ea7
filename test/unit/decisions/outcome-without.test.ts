import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DecideContext, decide, outcomeOf } from '../../../src/decisions/decide.js';
import { decidingRules } from '../../../src/decisions/outcome-without.js';
import { families, type RuleHit } from '../../../src/model/rule.js';
import { aHit, aPolicy } from '../../support/rule-hit-builder.js';

const context: DecideContext = {
  policy: aPolicy(),
  missing: [],
  reasonOf: () => undefined,
};

const deciding = (hits: readonly RuleHit[]) => {
  const { outcome } = decide({ hits, shadowHits: [] }, context);
  return decidingRules({ hits, outcome }, context);
};

describe('the rules that turn an outcome', () => {
  it('are those that alone hold, with what would be without them', () => {
    const holding = aHit(10, { id: 'holding', atLeast: 'hold' });
    expect(deciding([holding, aHit(25, { id: 'beside', family: 'device' })])).toEqual([
      { rule: 'holding', outcome: 'allow' },
    ]);
  });

  it('are none where two hold, each by itself', () => {
    expect(deciding([aHit(0, { id: 'one', atLeast: 'hold' }), aHit(0, { id: 'two', atLeast: 'hold' })])).toEqual([]);
  });

  it('are all whose points are needed', () => {
    expect(deciding([aHit(40, { id: 'card' }), aHit(30, { id: 'device', family: 'device' })])).toEqual([
      { rule: 'card', outcome: 'limit' },
      { rule: 'device', outcome: 'limit' },
    ]);
  });

  it('are also trust and allow-lists, without which it would be stricter', () => {
    expect(deciding([aHit(35, { id: 'against' }), aHit(-10, { id: 'trust', family: 'history' })])).toEqual([
      { rule: 'trust', outcome: 'limit' },
    ]);
    const partner = aHit(0, { id: 'partner', family: 'list', atMost: 'allow' });
    expect(deciding([aHit(0, { id: 'holding', atLeast: 'hold' }), partner])).toEqual([
      { rule: 'partner', outcome: 'hold' },
    ]);
  });

  it('are the same whether each is tried or not', () => {
    const anyHit = fc
      .record({
        points: fc.integer({ min: -40, max: 80 }),
        family: fc.constantFrom(...families),
        id: fc.uuid(),
        atLeast: fc.constantFrom(undefined, 'limit' as const, 'hold' as const, 'deny' as const),
        atMost: fc.constantFrom(undefined, 'allow' as const, 'limit' as const),
      })
      .map(({ points, atLeast, atMost, ...rule }) =>
        aHit(points, { ...rule, ...(atLeast && { atLeast }), ...(atMost && { atMost }) }),
      );
    fc.assert(
      fc.property(fc.array(anyHit, { maxLength: 6 }), (hits) => {
        const outcome = outcomeOf(hits, context);
        const tried = hits.map((hit) => ({
          rule: hit.rule.id,
          outcome: outcomeOf(
            hits.filter((other) => other !== hit),
            context,
          ),
        }));
        expect(decidingRules({ hits, outcome }, context)).toEqual(tried.filter((one) => one.outcome !== outcome));
      }),
    );
  });
});
