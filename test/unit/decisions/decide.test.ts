import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DecideContext, decide, familyPoints } from '../../../src/decisions/decide.js';
import { outcomeRank } from '../../../src/model/policy.js';
import type { RuleHit } from '../../../src/model/rule.js';
import { families } from '../../../src/model/rule.js';
import { aHit, aPolicy } from '../../support/rule-hit-builder.js';

const context = (overrides: Partial<DecideContext> = {}): DecideContext => ({
  policy: aPolicy(),
  missing: [],
  reasonOf: (code) => ({ code, title: code, public: 'additional_verification_required' }),
  ...overrides,
});

const outcomeOf = (hits: RuleHit[], overrides: Partial<DecideContext> = {}) =>
  decide({ hits, shadowHits: [] }, context(overrides)).outcome;

describe('decide', () => {
  it('allows when nothing fired', () => {
    expect(decide({ hits: [], shadowHits: [] }, context())).toMatchObject({
      outcome: 'allow',
      score: 0,
      publicReason: null,
      verify: [],
    });
  });

  it('limits from the limit threshold on', () => {
    expect(outcomeOf([aHit(29.9)])).toBe('allow');
    expect(outcomeOf([aHit(30)])).toBe('limit');
  });

  it('adds points up as decimals: 14.95 + 10.1 + 4.9 is 29.95, which is 30', () => {
    const hits = [
      aHit(10.1, { family: 'device' }),
      aHit(4.9, { family: 'identity' }),
      aHit(14.95, { family: 'email' }),
    ];
    expect(decide({ hits, shadowHits: [] }, context())).toMatchObject({ score: 30, outcome: 'limit' });
  });

  it('finds no evidence in a family whose points come to nothing', () => {
    const nothing = [0.1, 0.2, -0.3].map((points, n) => aHit(points, { family: 'device', id: `d${n}` }));
    expect(outcomeOf([aHit(90), ...nothing])).toBe('limit');
  });

  it('never holds by the points of one family alone, however many', () => {
    expect(outcomeOf([aHit(60), aHit(40, { id: 'other' })])).toBe('limit');
  });

  it('holds when two families together reach the threshold', () => {
    expect(outcomeOf([aHit(40), aHit(20, { family: 'device' })])).toBe('hold');
  });

  it('does not count a family of trust as a second family of evidence', () => {
    expect(outcomeOf([aHit(90), aHit(-5, { family: 'history' })])).toBe('limit');
  });

  it('holds on one family when it links to confirmed fraud', () => {
    expect(outcomeOf([{ ...aHit(60), onConfirmedFraud: true }])).toBe('hold');
  });

  it('caps what a family may add', () => {
    const policy = aPolicy({ familyCaps: { network: 45 } });
    const hits = [aHit(40, { family: 'network' }), aHit(40, { family: 'network', id: 'b' }), aHit(10)];
    expect(decide({ hits, shadowHits: [] }, context({ policy })).score).toBe(55);
  });

  it('denies only by an explicit floor, never by points', () => {
    expect(outcomeOf(families.map((family) => aHit(100, { family })))).toBe('hold');
    expect(outcomeOf([aHit(1, { atLeast: 'deny' })])).toBe('deny');
  });

  it('is at least what the policy says while an input could not be had', () => {
    expect(outcomeOf([], { missing: ['velocity'] })).toBe('limit');
    expect(outcomeOf([], { missing: ['ip_intel'] })).toBe('allow');
  });

  it('orders reasons by points', () => {
    const decided = decide({ hits: [aHit(20, { family: 'device' }), aHit(50)], shadowHits: [] }, context());
    expect(decided.hits.map((hit) => hit.points)).toEqual([50, 20]);
  });

  it('asks for no more verifications than it takes to lift the hold', () => {
    const hits = [
      aHit(40, { verify: ['payment'] }),
      aHit(25, { verify: ['phone', 'document'], family: 'device' }),
      aHit(10, { verify: ['email'], family: 'email' }),
    ];
    expect(decide({ hits, shadowHits: [] }, context())).toMatchObject({ outcome: 'hold', verify: ['payment'] });
  });

  it('takes one method for several hits where it answers them all', () => {
    const hits = [
      aHit(60, { verify: ['phone'], family: 'device' }),
      aHit(60, { verify: ['payment', 'phone'] }),
      aHit(20, { verify: ['email'], family: 'email' }),
    ];
    expect(decide({ hits, shadowHits: [] }, context()).verify).toEqual(['phone']);
  });

  it('asks for every method when each piece of evidence would hold without the others', () => {
    const hits = [
      aHit(80, { verify: ['payment'], atLeast: 'hold' }),
      aHit(70, { verify: ['phone'], family: 'device', atLeast: 'hold' }),
    ];
    expect(decide({ hits, shadowHits: [] }, context()).verify).toEqual(['payment', 'phone']);
  });

  it('says of a shadow rule what would have come out, and lets it change nothing', () => {
    const decided = decide({ hits: [aHit(40)], shadowHits: [aHit(30, { id: 'new', family: 'device' })] }, context());
    expect(decided.outcome).toBe('limit');
    expect(decided.shadow).toEqual([{ rule: 'new', outcome: 'hold' }]);
  });

  const anyHit = fc
    .record({ points: fc.integer({ min: -100, max: 100 }), family: fc.constantFrom(...families), id: fc.uuid() })
    .map(({ points, ...rule }) => aHit(points, rule));

  it('never becomes milder by more evidence', () => {
    fc.assert(
      fc.property(fc.array(anyHit), anyHit, (hits, more) => {
        fc.pre(more.points >= 0);
        expect(outcomeRank[outcomeOf([...hits, more])]).toBeGreaterThanOrEqual(outcomeRank[outcomeOf(hits)]);
      }),
    );
  });

  it('depends on no order of the hits, and keeps the score within 0 and 100', () => {
    fc.assert(
      fc.property(fc.array(anyHit), (hits) => {
        const forward = decide({ hits, shadowHits: [] }, context());
        const backward = decide({ hits: [...hits].reverse(), shadowHits: [] }, context());
        expect(backward).toEqual(forward);
        expect(forward.score).toBeGreaterThanOrEqual(0);
        expect(forward.score).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('gives a family at most its cap', () => {
    fc.assert(
      fc.property(fc.array(anyHit), (hits) => {
        const points = familyPoints(hits, aPolicy({ familyCaps: { email: 30 } }));
        expect(points.get('email') ?? 0).toBeLessThanOrEqual(30);
      }),
    );
  });
});
