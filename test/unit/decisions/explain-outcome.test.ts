import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DecideContext, decide } from '../../../src/decisions/decide.js';
import { explainOutcome } from '../../../src/decisions/explain-outcome.js';
import { outcomeRank } from '../../../src/model/policy.js';
import { type Family, families, type RuleHit } from '../../../src/model/rule.js';
import { aHit, aPolicy } from '../../support/rule-hit-builder.js';

const contextOf = (more: Partial<DecideContext> = {}): DecideContext => ({
  policy: aPolicy({ familyCaps: { network: 22 } }),
  missing: [],
  reasonOf: () => undefined,
  ...more,
});

const explain = (hits: readonly RuleHit[], more?: Partial<DecideContext>, others?: readonly RuleHit[]) =>
  explainOutcome({ hits, shadowHits: [] }, contextOf(more), others);

describe('how an outcome came about', () => {
  it('adds up families under their caps', () => {
    const hits = [
      aHit(40),
      aHit(20, { family: 'network' }),
      aHit(11, { family: 'network' }),
      aHit(-5, { family: 'history' }),
    ];
    expect(explain(hits)).toMatchObject({
      outcome: 'limit',
      score: 57,
      families: [
        { family: 'payment', points: 40, counted: 40, rules: ['payment-40'] },
        { family: 'network', points: 31, counted: 22, cap: 22, rules: ['network-20', 'network-11'] },
        { family: 'history', points: -5, counted: -5 },
      ],
      evidence_families: 2,
      hold_needs_families: 2,
      enforced: true,
    });
  });

  it('names the rules that have to go, as few as do it', () => {
    const hits = [aHit(40), aHit(35, { family: 'device' }), aHit(30, { family: 'email' })];
    const { outcome, lower } = explain(hits);
    expect(outcome).toBe('hold');
    expect(lower).toEqual([
      { without: ['payment-40', 'device-35'], outcome: 'limit', score: 30 },
      { without: ['payment-40', 'email-30'], outcome: 'limit', score: 35 },
      { without: ['device-35', 'email-30'], outcome: 'limit', score: 40 },
    ]);
  });

  it('names floors, of rules and of what could not be had, and what it would be without them', () => {
    const floor = aHit(5, { atLeast: 'hold' });
    expect(explain([floor])).toMatchObject({
      outcome: 'hold',
      floors: [{ at_least: 'hold', rule: 'payment-5' }],
      lower: [{ without: ['payment-5'], outcome: 'allow', score: 0 }],
    });
    expect(explain([], { missing: ['velocity', 'ip_intel'] })).toMatchObject({
      outcome: 'limit',
      floors: [{ at_least: 'limit', unavailable: 'velocity' }],
      lower: [{ available: ['velocity'], outcome: 'allow', score: 0 }],
    });
  });

  it('names rules that would have made it stricter, had they fired too', () => {
    const others = [
      aHit(8, { family: 'email' }),
      aHit(25, { family: 'device' }),
      aHit(1, { id: 'list', atLeast: 'deny' }),
    ];
    expect(explain([aHit(40)], {}, others).raise).toEqual([
      { with: ['device-25'], outcome: 'hold', score: 65 },
      { with: ['list'], outcome: 'deny', score: 41 },
    ]);
  });

  it('says when one family alone holds because of a label, and which rule took the outcome down', () => {
    const labelled = { ...aHit(70), onConfirmedFraud: true };
    expect(explain([labelled])).toMatchObject({
      outcome: 'hold',
      evidence_families: 1,
      confirmed_fraud: ['payment-70'],
    });
    const allowed = aHit(0, { id: 'vip', family: 'list', atMost: 'allow' });
    expect(explain([aHit(70), allowed])).toMatchObject({ outcome: 'allow', overruled_by: 'vip' });
  });

  it('explains what would have been under a policy that only reports', () => {
    const policy = aPolicy({ level: 'report' });
    expect(explain([aHit(40)], { policy })).toMatchObject({ outcome: 'limit', enforced: false });
  });

  const hit = fc
    .record({
      points: fc.integer({ min: -30, max: 80 }),
      family: fc.constantFrom<Family>(...families),
      atLeast: fc.option(fc.constantFrom('limit' as const, 'hold' as const, 'deny' as const), {
        nil: undefined,
        freq: 6,
      }),
    })
    .map(({ points, family, atLeast }) => ({ points, family, ...(atLeast === undefined ? {} : { atLeast }) }));

  it('always comes to what is decided, and its turns to what would be decided', () => {
    fc.assert(
      fc.property(fc.array(hit, { maxLength: 7 }), fc.array(hit, { maxLength: 4 }), (drawn, drawnOthers) => {
        const made = drawn.map(({ points, ...info }, index) => aHit(points, { ...info, id: `r${index}` }));
        const others = drawnOthers.map(({ points, ...info }, index) => aHit(points, { ...info, id: `o${index}` }));
        const { outcome, score, families: shares, lower, raise } = explain(made, {}, others);
        expect(decide({ hits: made, shadowHits: [] }, contextOf())).toMatchObject({ outcome, score });
        const sum = shares.reduce((total, { counted }) => total + counted, 0);
        expect(Math.min(100, Math.max(0, sum))).toBeCloseTo(score, 5);
        for (const turn of [...lower, ...raise]) {
          const hits = [
            ...made.filter(({ rule }) => !turn.without?.includes(rule.id)),
            ...others.filter(({ rule }) => turn.with?.includes(rule.id)),
          ];
          expect(decide({ hits, shadowHits: [] }, contextOf())).toMatchObject({
            outcome: turn.outcome,
            score: turn.score,
          });
        }
        for (const turn of lower) expect(outcomeRank[turn.outcome]).toBeLessThan(outcomeRank[outcome]);
        for (const turn of raise) expect(outcomeRank[turn.outcome]).toBeGreaterThan(outcomeRank[outcome]);
      }),
      { numRuns: 300 },
    );
  });
});
