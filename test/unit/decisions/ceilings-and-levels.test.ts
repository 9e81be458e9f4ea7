import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DecideContext, decide } from '../../../src/decisions/decide.js';
import { outcomeRank } from '../../../src/model/policy.js';
import { families, type RuleHit } from '../../../src/model/rule.js';
import { aHit, aPolicy } from '../../support/rule-hit-builder.js';

const context = (overrides: Partial<DecideContext> = {}): DecideContext => ({
  policy: aPolicy(),
  missing: [],
  reasonOf: (code) => ({ code, title: code, public: 'additional_verification_required' }),
  ...overrides,
});

const decided = (hits: RuleHit[], overrides: Partial<DecideContext> = {}, shadowHits: RuleHit[] = []) =>
  decide({ hits, shadowHits }, context(overrides));

const partner = aHit(0, { id: 'partners', family: 'list', atMost: 'allow' });
const trusted = aHit(0, { id: 'trusted', family: 'list', atMost: 'limit' });
const reused = aHit(90, { id: 'reused', family: 'payment', atLeast: 'hold' });
const blocked = aHit(10, { id: 'blocked', family: 'list', atLeast: 'deny' });

describe('an allow-list', () => {
  it('beats points and floors, lists every reason all the same and says who overruled', () => {
    const result = decided([reused, aHit(70, { family: 'device' }), partner]);
    expect(result).toMatchObject({
      outcome: 'allow',
      score: 100,
      overruledBy: 'partners',
      publicReason: null,
      verify: [],
    });
    expect(result.hits).toHaveLength(3);
  });

  it('beats what policy says when an input could not be had', () => {
    expect(decided([partner], { missing: ['velocity'] })).toMatchObject({ outcome: 'allow', overruledBy: 'partners' });
  });

  it('takes the outcome no further down than it says; of two, the lower ceiling counts', () => {
    expect(decided([reused, trusted])).toMatchObject({ outcome: 'limit', overruledBy: 'trusted' });
    expect(decided([reused, trusted, partner])).toMatchObject({ outcome: 'allow', overruledBy: 'partners' });
  });

  it('is not named where it took nothing down', () => {
    expect(decided([partner])).not.toHaveProperty('overruledBy');
    expect(decided([aHit(30), trusted])).not.toHaveProperty('overruledBy');
  });

  it('yields to a block-list', () => {
    expect(decided([reused, partner, blocked])).toMatchObject({ outcome: 'deny' });
    const ordinary = aHit(10, { id: 'ordinary', family: 'payment', atLeast: 'deny' });
    expect(decided([ordinary, partner])).toMatchObject({ outcome: 'allow', overruledBy: 'partners' });
  });

  it('lifts nothing that rests on a label of fraud on the very account', () => {
    const own = { ...reused, onOwnFraud: true };
    expect(decided([own, partner])).toMatchObject({ outcome: 'hold' });
    expect(decided([own, partner])).not.toHaveProperty('overruledBy');
  });

  it('says in shadow what it would let through', () => {
    expect(decided([reused], {}, [partner]).shadow).toEqual([{ rule: 'partners', outcome: 'allow' }]);
  });

  it('never makes an outcome stricter, nor milder than its ceiling', () => {
    const anyHit = fc
      .record({ points: fc.integer({ min: -50, max: 100 }), family: fc.constantFrom(...families), id: fc.uuid() })
      .map(({ points, ...rule }) => aHit(points, rule));
    fc.assert(
      fc.property(fc.array(anyHit), fc.constantFrom(partner, trusted), (hits, ceiling) => {
        const without = outcomeRank[decided(hits).outcome];
        const most = outcomeRank[ceiling.rule.atMost ?? 'deny'];
        expect(outcomeRank[decided([...hits, ceiling]).outcome]).toBe(Math.min(without, most));
      }),
    );
  });
});

describe('a policy that only reports', () => {
  const policy = aPolicy({ level: 'report' });

  it('allows everybody and tells beside it what it would have been', () => {
    expect(decided([reused], { policy })).toMatchObject({
      outcome: 'allow',
      verify: [],
      publicReason: null,
      reported: { outcome: 'hold', score: 90 },
    });
    expect(decided([reused])).not.toHaveProperty('reported');
  });

  it('tells the same as a policy that enforces, shadow rules too', () => {
    const shadow = aHit(40, { id: 'tried', family: 'device' });
    const enforced = decided([aHit(40)], {}, [shadow]);
    const reported = decided([aHit(40)], { policy }, [shadow]);
    expect(reported.reported).toEqual({ outcome: enforced.outcome, score: enforced.score });
    expect(reported.shadow).toEqual(enforced.shadow);
  });
});
