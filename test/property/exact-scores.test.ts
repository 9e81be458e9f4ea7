import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, familyPoints } from '../../src/decisions/decide.js';
import { explainOutcome } from '../../src/decisions/explain-outcome.js';
import { toTenths } from '../../src/model/points.js';
import { type Family, families } from '../../src/model/rule.js';
import { aHit, aPolicy } from '../support/rule-hit-builder.js';

/** Decimals as an author writes them, and the same as a whole number of billionths. */
interface Written {
  readonly text: string;
  readonly billionths: bigint;
}

const decimal = (whole: fc.Arbitrary<number>): fc.Arbitrary<Written> =>
  fc.tuple(fc.boolean(), whole, fc.stringMatching(/^\d{1,9}$/)).map(([isNegative, before, after]) => ({
    text: `${isNegative ? '-' : ''}${before}.${after}`,
    billionths: (isNegative ? -1n : 1n) * BigInt(`${before}${after.padEnd(9, '0')}`),
  }));

const points = fc.oneof(
  decimal(fc.integer({ min: 0, max: 40 })),
  // Ends on which a score is rounded up or down.
  fc
    .integer({ min: -800, max: 800 })
    .map((n): Written => ({ text: String((n * 5) / 100), billionths: BigInt(n) * 50_000_000n })),
);
const cap = fc
  .integer({ min: 0, max: 1000 })
  .map((n): Written => ({ text: String(n / 10), billionths: BigInt(n) * 100_000_000n }));

interface Fired {
  readonly family: Family;
  readonly points: Written;
}

const hits = fc.array(fc.record({ family: fc.constantFrom(...families), points }), { maxLength: 30 });
const caps = fc.dictionary(fc.constantFrom(...families), cap);

const billionthsATenth = 100_000_000n;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const tenthsOf = (billionths: bigint): number => Number((billionths + billionthsATenth / 2n) / billionthsATenth) / 10;

function exactFamilies(fired: readonly Fired[], capOf: Readonly<Record<string, Written>>): ReadonlyMap<Family, bigint> {
  const sums = new Map<Family, bigint>();
  for (const { family, points } of fired) sums.set(family, (sums.get(family) ?? 0n) + points.billionths);
  for (const [family, sum] of sums) sums.set(family, least(sum, capOf[family]?.billionths ?? 100_000_000_000n));
  return sums;
}

function exactScore(sums: ReadonlyMap<Family, bigint>): number {
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0n);
  return tenthsOf(least(total < 0n ? 0n : total, 100_000_000_000n));
}

const asHits = (fired: readonly Fired[]) =>
  fired.map(({ family, points }, n) => aHit(Number(points.text), { family, id: `r${n}` }));

const asPolicy = (capOf: Readonly<Record<string, Written>>) =>
  aPolicy({
    familyCaps: Object.fromEntries(Object.entries(capOf).map(([family, { text }]) => [family, Number(text)])),
  });

describe('A score', () => {
  it('is what the points come to in decimals, whatever they are and in whatever order', () => {
    fc.assert(
      fc.property(hits, caps, (fired, capOf) => {
        const sums = exactFamilies(fired, capOf);
        const context = { policy: asPolicy(capOf), missing: [], reasonOf: () => undefined };
        const findings = { hits: asHits(fired), shadowHits: [] };
        const { score, outcome } = decide(findings, context);
        expect(score).toBe(exactScore(sums));
        expect(explainOutcome(findings, context)).toMatchObject({ score, outcome });
        const evidence = [...sums.values()].filter((sum) => sum > 0n).length;
        expect([...familyPoints(findings.hits, context.policy).values()].filter((sum) => sum > 0)).toHaveLength(
          evidence,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('is a tenth, halves away from zero', () => {
    fc.assert(
      fc.property(points, ({ text, billionths }) => {
        const size = tenthsOf(billionths < 0n ? -billionths : billionths);
        expect(Math.abs(toTenths(Number(text)))).toBe(size);
        expect(toTenths(Number(text))).toBe(billionths < 0n && size > 0 ? -size : size);
      }),
      { numRuns: 2000 },
    );
  });
});
