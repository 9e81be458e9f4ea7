import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../../src/expression/compile-expression.js';
import type { Observation } from '../../../src/fitting/observation.js';
import { pointsDiff } from '../../../src/fitting/points-diff.js';
import { proposeWeights } from '../../../src/fitting/propose-weights.js';
import { weigh } from '../../../src/fitting/weigh-observation.js';
import { type Family, families } from '../../../src/model/rule.js';
import type { Share } from '../../../src/model/share.js';
import { check, slotsOf } from '../../support/expression-scope.js';
import { aHit, aPolicy } from '../../support/rule-hit-builder.js';

interface MadeRule {
  readonly points: number;
  readonly family: Family;
  /** How often it fires on frauds, and on honest people. */
  readonly onFraud: number;
  readonly onHonest: number;
}

const rule: fc.Arbitrary<MadeRule> = fc.record({
  points: fc.integer({ min: 5, max: 50 }),
  family: fc.constantFrom(...families.slice(0, 5)),
  onFraud: fc.integer({ min: 0, max: 20 }).map((steps) => steps / 20),
  onHonest: fc.constantFrom(0, 0.02, 0.05, 0.2),
});
const policy = fc
  .record({
    hold: fc.constantFrom(35, 40, 50, 60, 70, 80, 90),
    heldShare: fc.constantFrom(0.005, 0.01, 0.02),
    level: fc.constantFrom('enforce' as const, 'report' as const),
  })
  .map(({ hold, heldShare, level }) =>
    aPolicy({ level, thresholds: { limit: 30, hold }, budget: { heldShare, overMs: 86_400_000 } }),
  );

/** As if drawn from [0, 1), the same each time. */
const lot = (account: number, rule: number): number => {
  const drawn = Math.sin(account * 12.9898 + rule * 78.233) * 43_758.5453;
  return drawn - Math.floor(drawn);
};

const worldOf = (rules: readonly MadeRule[], size: number): Observation[] =>
  Array.from({ length: size }, (_none, account): Observation => {
    const label = account % 5 < 2 ? 'fraud' : 'honest';
    return {
      accountId: `acct_${account}`,
      group: `acct_${account}`,
      label,
      hits: rules.flatMap(({ points, family, onFraud, onHonest }, number) =>
        lot(account, number) < (label === 'fraud' ? onFraud : onHonest)
          ? [aHit(points, { id: `rule-${number}`, family, points: String(points) })]
          : [],
      ),
      traits: new Map(),
    };
  });

const graded = (text: string, accounts_per_card: number) =>
  compileExpression(check(text)).evaluate(slotsOf({ accounts_per_card }));

const worth = ({ share }: Share): number => share ?? 0;

describe('Proposed points and thresholds', () => {
  it('keep the budget of honest holds and limit no more honest accounts than today', () => {
    let proposed = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 3, maxLength: 8 }),
        policy,
        fc.integer({ min: 150, max: 350 }),
        (...of) => {
          const [rules, given, size] = of;
          const found = proposeWeights(worldOf(rules, size), given);
          if (found === undefined) return;
          const { before, after } = found.training;
          if (found.factors.length > 0) proposed++;
          const allowed = Math.max(given.budget.heldShare, worth(before.falseHolds));
          expect(worth(after.falseHolds)).toBeLessThanOrEqual(allowed);
          expect(worth(after.falseLimits)).toBeLessThanOrEqual(worth(before.falseLimits));
        },
      ),
      { numRuns: 30 },
    );
    expect(proposed).toBeGreaterThan(5);
  });

  it('give what the written diff gives, of graded points that are cut too', () => {
    const made = fc.record({
      most: fc.integer({ min: 1, max: 100 }),
      inner: fc.option(fc.integer({ min: 1, max: 120 })),
      count: fc.integer({ min: 0, max: 30 }),
      factor: fc.integer({ min: 5, max: 60 }).map((steps) => steps / 20),
    });
    fc.assert(
      fc.property(made, ({ most, inner, count, factor }) => {
        const points = inner === null ? '10 * accounts_per_card' : `min(${inner}, 10 * accounts_per_card)`;
        const pointsOf = (text: string): number => Math.min(most, Number(graded(text, count)));
        const file = `rules:\n  - { id: cards, points: '${points}', points_max: ${most}, when: a }\n`;
        const same = { limit: 30, hold: 60 };
        const diff = pointsDiff({
          files: new Map([['a.yml', file]]),
          factors: new Map([['cards', factor]]),
          thresholds: { before: same, after: same },
        });
        const written = /^\+ .* points: '(.*)', points_max/m.exec(diff)?.[1] ?? points;
        const hit = aHit(pointsOf(points), { id: 'cards', points, pointsMax: most });
        const [observation] = worldOf([], 1);
        const measured = observation && { ...observation, hits: [hit] };
        if (measured === undefined) throw new Error('no account was made');
        const { hits } = weigh(measured, { policy: aPolicy(), factors: new Map([['cards', factor]]) });
        expect(hits[0]?.points).toBeCloseTo(pointsOf(written), 9);
      }),
    );
  });
});
