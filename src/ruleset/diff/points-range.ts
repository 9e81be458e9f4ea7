import type { Node } from '../../expression/checked-expression.js';
import type { FeatureSpec } from '../../model/feature.js';
import { clampPoints } from '../judge.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import { asIs } from './comparison.js';
import { type ConditionForm, conditionForm } from './condition-form.js';

/** Between what the points of a rule can lie. */
export interface PointsRange {
  readonly low: number;
  readonly high: number;
}

const anything: PointsRange = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const atLeastZero: PointsRange = { low: 0, high: Number.POSITIVE_INFINITY };

/** Bounds of a rule's points where it fires, by interval arithmetic: right, and as narrow as the expressions show. */
export function pointsRange(rule: RuleDeclaration, features: readonly FeatureSpec[]): PointsRange {
  const { points, info } = rule;
  const { low, high } = rangeOf(points.ast, knownRanges([rule], features));
  return { low: clampPoints(low, info.pointsMax), high: clampPoints(high, info.pointsMax) };
}

/** What inputs can be where all of these rules fire. */
export function knownRanges(rules: readonly RuleDeclaration[], features: readonly FeatureSpec[]): KnownRanges {
  const known = new Map(features.flatMap(countedInputs).map((name) => [name, atLeastZero]));
  for (const { name, range } of rules.flatMap(({ points }) => points.reads))
    if (range !== undefined) known.set(name, { low: range[0], high: range[1] });
  for (const { when } of rules)
    for (const [name, range] of rangesWhere(conditionForm(when, { opened: true, rename: asIs })))
      known.set(name, overlap(known.get(name) ?? anything, range));
  return known;
}

/** What is never below zero: counts and ages. */
const countedInputs = ({ kind, name }: FeatureSpec): readonly string[] =>
  kind === 'burst' ? ['count', 'expected', 'ratio', 'held', 'held_share'].map((member) => `${name}.${member}`) : [name];

/** What comparisons with numbers, all of which have to hold, leave of the inputs. */
function rangesWhere(condition: ConditionForm): (readonly [name: string, range: PointsRange])[] {
  const tests = condition.kind === 'and' ? condition.children : [condition];
  return tests.flatMap((form) => {
    if (form.kind !== 'leaf' || form.test.kind !== 'compare' || typeof form.test.value !== 'number') return [];
    const { of, operator, value } = form.test;
    if (operator === '!=') return [];
    const low = operator.startsWith('<') ? Number.NEGATIVE_INFINITY : value;
    return [[of, { low, high: operator.startsWith('>') ? Number.POSITIVE_INFINITY : value }]];
  });
}

const overlap = (a: PointsRange, b: PointsRange): PointsRange => ({
  low: Math.max(a.low, b.low),
  high: Math.min(a.high, b.high),
});

export type KnownRanges = ReadonlyMap<string, PointsRange>;

/** Between what a number can lie. */
export function rangeOf(node: Node, known: KnownRanges): PointsRange {
  const of = (child: Node | undefined): PointsRange => (child === undefined ? anything : rangeOf(child, known));
  if (node.kind === 'literal') return typeof node.value === 'number' ? at(node.value) : anything;
  if (node.kind === 'input') return known.get(node.info.name) ?? anything;
  if (node.kind === 'negate') return negated(of(node.operand));
  if (node.kind === 'arithmetic') return arithmetic[node.operator](of(node.left), of(node.right));
  if (node.kind !== 'call') return anything;
  const [first, second] = [of(node.args[0]), of(node.args[1])];
  return calls[node.spec.name]?.(first, second) ?? anything;
}

const at = (value: number): PointsRange => ({ low: value, high: value });
const negated = ({ low, high }: PointsRange): PointsRange => ({ low: -high, high: -low });

type Combine = (a: PointsRange, b: PointsRange) => PointsRange;

const around = (ends: readonly number[]): PointsRange =>
  ends.some(Number.isNaN) ? anything : { low: Math.min(...ends), high: Math.max(...ends) };

/** Zero times anything finite is zero: the values themselves are never infinite. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

const over = (a: number, b: number): number => (Number.isFinite(b) ? a / b : 0);

const arithmetic: Readonly<Record<'+' | '-' | '*' | '/', Combine>> = {
  '+': (a, b) => ({ low: a.low + b.low, high: a.high + b.high }),
  '-': (a, b) => ({ low: a.low - b.high, high: a.high - b.low }),
  '*': (a, b) => around([times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)]),
  '/': (a, b) =>
    b.low > 0 ? around([over(a.low, b.low), over(a.low, b.high), over(a.high, b.low), over(a.high, b.high)]) : anything,
};

const calls: Readonly<Record<string, Combine>> = {
  min: (a, b) => ({ low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) }),
  max: (a, b) => ({ low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) }),
  default: (a, b) => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }),
  log2: ({ low, high }) => (low > 0 ? { low: Math.log2(low), high: Math.log2(high) } : anything),
};
