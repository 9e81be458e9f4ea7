import type { Policy } from '../model/policy.js';
import type { Observation } from './observation.js';

interface FitOptions {
  /** Labelled accounts on which a rule must have fired before its points are touched. */
  readonly leastHits: number;
  /** Factors stay within: signs are kept, no rule is silenced, none grows out of proportion. */
  readonly bounds: readonly [least: number, most: number];
}

export const defaultFitOptions: FitOptions = { leastHits: 20, bounds: [0.25, 3] };

/** Points over which the chance of fraud goes from even to about three in four. */
const softness = 12;
/** How strongly factors are drawn to one: hand-made points hold up well against what nobody has seen yet. */
const pull = 0.01;
const steps = 400;
const rate = 0.05;

/** One account as the fit sees it: rules by number. */
interface Row {
  readonly rules: readonly number[];
  readonly points: readonly number[];
  readonly families: readonly number[];
  readonly sign: 1 | -1;
  readonly weight: number;
}

interface Problem {
  readonly rows: readonly Row[];
  readonly caps: readonly number[];
  readonly threshold: number;
  readonly isFree: readonly boolean[];
}

/**
 * What each rule's points should be multiplied with so that frauds lie above the hold threshold and honest accounts below:
 * logistic loss on the capped score, both classes weighing the same, by projected gradient descent (Adam). Deterministic.
 */
export function fitFactors(
  observations: readonly Observation[],
  policy: Policy,
  options: FitOptions = defaultFitOptions,
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { hits } of observations)
    for (const { rule } of hits) if (!numbers.has(rule.id)) numbers.set(rule.id, numbers.size);
  const problem = problemOf(observations, { policy, numbers, options });
  const factors = descend(problem, options.bounds);
  return new Map([...numbers].map(([id, number]) => [id, factors[number] ?? 1]));
}

interface Numbering {
  readonly policy: Policy;
  readonly numbers: ReadonlyMap<string, number>;
  readonly options: FitOptions;
}

function problemOf(observations: readonly Observation[], { policy, numbers, options }: Numbering): Problem {
  const weights = weightsOf(observations);
  const familyNumbers = new Map<string, number>();
  const caps: number[] = [];
  const fired = new Array<number>(numbers.size).fill(0);
  const rows = observations.map(({ hits, label }, index): Row => {
    const rules: number[] = [];
    const points: number[] = [];
    const families: number[] = [];
    for (const { rule, points: given } of hits) {
      const number = numbers.get(rule.id) ?? 0;
      const family = familyNumbers.get(rule.family) ?? caps.length;
      if (family === caps.length) {
        familyNumbers.set(rule.family, family);
        caps.push(policy.familyCaps[rule.family] ?? 100);
      }
      rules.push(number);
      points.push(given);
      families.push(family);
      fired[number] = (fired[number] ?? 0) + 1;
    }
    return { rules, points, families, sign: label === 'fraud' ? 1 : -1, weight: weights[index] ?? 0 };
  });
  return { rows, caps, threshold: policy.thresholds.hold, isFree: fired.map((count) => count >= options.leastHits) };
}

/** A ring of n accounts weighs as much as sqrt(n) strangers; frauds together weigh as much as honest accounts together. */
function weightsOf(observations: readonly Observation[]): number[] {
  const sizes = new Map<string, number>();
  for (const { group } of observations) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const raw = observations.map(({ group }) => 1 / Math.sqrt(sizes.get(group) ?? 1));
  const totals = { fraud: 0, honest: 0 };
  observations.forEach(({ label }, index) => {
    totals[label] += raw[index] ?? 0;
  });
  return observations.map(({ label }, index) => (raw[index] ?? 0) / (2 * totals[label]));
}

function descend(problem: Problem, [least, most]: FitOptions['bounds']): number[] {
  const size = problem.isFree.length;
  const factors = new Array<number>(size).fill(1);
  const speed = new Array<number>(size).fill(0);
  const scale = new Array<number>(size).fill(0);
  for (let step = 1; step <= steps; step++) {
    const slope = gradient(problem, factors);
    for (let rule = 0; rule < size; rule++) {
      if (problem.isFree[rule] !== true) continue;
      const towards = (slope[rule] ?? 0) + 2 * pull * ((factors[rule] ?? 1) - 1);
      speed[rule] = 0.9 * (speed[rule] ?? 0) + 0.1 * towards;
      scale[rule] = 0.999 * (scale[rule] ?? 0) + 0.001 * towards ** 2;
      const mean = (speed[rule] ?? 0) / (1 - 0.9 ** step);
      const spread = Math.sqrt((scale[rule] ?? 0) / (1 - 0.999 ** step));
      factors[rule] = Math.min(most, Math.max(least, (factors[rule] ?? 1) - (rate * mean) / (spread + 1e-9)));
    }
  }
  return factors;
}

function gradient({ rows, caps, threshold }: Problem, factors: readonly number[]): number[] {
  const slope = new Array<number>(factors.length).fill(0);
  const sums = new Array<number>(caps.length).fill(0);
  for (const { rules, points, families, sign, weight } of rows) {
    sums.fill(0);
    rules.forEach((rule, i) => {
      const family = families[i] ?? 0;
      sums[family] = (sums[family] ?? 0) + (factors[rule] ?? 1) * (points[i] ?? 0);
    });
    let score = 0;
    sums.forEach((sum, family) => {
      score += Math.min(sum, caps[family] ?? 100);
    });
    const margin = (sign * (score - threshold)) / softness;
    const force = (-sign * weight) / (softness * (1 + Math.exp(margin)));
    rules.forEach((rule, i) => {
      const family = families[i] ?? 0;
      // At its cap a family does not move with its rules.
      if ((sums[family] ?? 0) < (caps[family] ?? 100)) slope[rule] = (slope[rule] ?? 0) + force * (points[i] ?? 0);
    });
  }
  return slope;
}
