import type { Policy } from '../model/policy.js';
import { chooseThresholds } from './choose-thresholds.js';
import { changesOf, type Figures, figuresOf, type Payer, payersOf } from './compare-weightings.js';
import { defaultFitOptions, fitFactors } from './fit-factors.js';
import { type Observation, splitByGroup } from './observation.js';
import { writtenPoints } from './points-diff.js';
import type { Weighting } from './weigh-observation.js';

interface ProposedFactor {
  readonly rule: string;
  readonly factor: number;
  /** Labelled accounts of each kind on which it fired. */
  readonly fraud: number;
  readonly honest: number;
}

export interface Proposal {
  /**
   * How much of the way to the fitted factors is proposed, 0 to 1: less than 1 where more of it would hold or limit more honest
   * accounts of the training than the budget and today allow.
   */
  readonly strength: number;
  readonly factors: readonly ProposedFactor[];
  readonly thresholds: { readonly before: Policy['thresholds']; readonly after: Policy['thresholds'] };
  readonly training: { readonly before: Figures; readonly after: Figures };
  /** On accounts, whole rings at a time, that the fit has not seen. */
  readonly heldOut: { readonly before: Figures; readonly after: Figures };
  readonly changes: ReturnType<typeof changesOf>;
  readonly payers: readonly Payer[];
  readonly observations: { readonly fraud: number; readonly honest: number };
}

/** Fewer than these of either kind teach nothing. */
export const leastOfEach = 50;
/** A smaller change is noise. */
const leastChange = 0.1;
/** Parts of the fitted change that are tried, until one keeps the budgets. */
const strengths = [1, 0.75, 0.5, 0.25, 0];

/** Points and thresholds that labels speak for; undefined when there are too few of them. */
export function proposeWeights(observations: readonly Observation[], policy: Policy): Proposal | undefined {
  const count = countLabels(observations);
  if (count.fraud < leastOfEach || count.honest < leastOfEach) return undefined;
  const { training, heldOut } = splitByGroup(observations);
  const before: Weighting = { policy, factors: new Map() };
  const { strength, after } = strongestWithin({ training, observations, before });
  const { factors } = after;
  return {
    strength,
    factors: [...factors].map(([rule, factor]) => ({ rule, factor, ...firedOn(rule, observations) })),
    thresholds: { before: policy.thresholds, after: after.policy.thresholds },
    training: { before: figuresOf(training, before), after: figuresOf(training, after) },
    heldOut: { before: figuresOf(heldOut, before), after: figuresOf(heldOut, after) },
    changes: changesOf(observations, before, after),
    payers: payersOf(observations, before, after),
    observations: count,
  };
}

interface Fitting {
  readonly training: readonly Observation[];
  readonly observations: readonly Observation[];
  readonly before: Weighting;
}

interface Chosen {
  readonly strength: number;
  readonly after: Weighting;
}

/** The most of what the labels speak for that keeps the budgets and does some good; else all stays as it is. */
function strongestWithin({ training, observations, before }: Fitting): Chosen {
  const { policy } = before;
  const fitted = fitFactors(training, policy, defaultFitOptions);
  const today = figuresOf(training, before);
  for (const strength of strengths) {
    const factors = changing(worthTelling(partOf(fitted, strength)), observations);
    const chosen = chooseThresholds(training, { policy, factors }, before);
    if (chosen === undefined) continue;
    const after = { policy: chosen, factors };
    if (isBetter(today, figuresOf(training, after))) return { strength, after };
    if (strength === 1) return { strength, after: before };
  }
  return { strength: 0, after: before };
}

const partOf = (factors: ReadonlyMap<string, number>, strength: number): ReadonlyMap<string, number> =>
  new Map([...factors].map(([rule, factor]) => [rule, 1 + strength * (factor - 1)]));

const isBetter = (before: Figures, after: Figures): boolean =>
  after.recall.count > before.recall.count ||
  after.falseHolds.count < before.falseHolds.count ||
  after.falseLimits.count < before.falseLimits.count;

function countLabels(observations: readonly Observation[]): { fraud: number; honest: number } {
  const count = { fraud: 0, honest: 0 };
  for (const { label } of observations) count[label]++;
  return count;
}

/** Two digits are more than the labels can tell apart. */
function worthTelling(factors: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const rounded = [...factors].map(([rule, factor]): [string, number] => [rule, Math.round(factor * 20) / 20]);
  return new Map(
    rounded.filter(([, factor]) => Math.abs(factor - 1) >= leastChange).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Without those that rounding leaves as they are: the diff does not have them. */
function changing(
  factors: ReadonlyMap<string, number>,
  observations: readonly Observation[],
): ReadonlyMap<string, number> {
  const rules = new Map(observations.flatMap(({ hits }) => hits.map(({ rule }) => [rule.id, rule])));
  const changes = ([id, factor]: [string, number]): boolean => {
    const rule = rules.get(id);
    return rule !== undefined && writtenPoints(rule.points, factor, rule.pointsMax) !== rule.points;
  };
  return new Map([...factors].filter(changes));
}

function firedOn(rule: string, observations: readonly Observation[]): { fraud: number; honest: number } {
  return countLabels(observations.filter(({ hits }) => hits.some((hit) => hit.rule.id === rule)));
}
