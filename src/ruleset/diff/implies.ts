import { compareCodePoints } from '../../expression/code-points.js';
import { compareValues } from '../../expression/compile-comparison.js';
import type { Value } from '../../model/value.js';
import type { ConditionForm, LeafForm, LeafTest } from './condition-form.js';

/** Whether `b` is true on every event on which `a` is. False also where that cannot be shown. */
export function implies(a: ConditionForm, b: ConditionForm): boolean {
  return new Proof().holds(a, b);
}

/** More pairs than this are given up as not shown: two conditions of 500 parts have a quarter of a million. */
const mostPairs = 20_000;

class Proof {
  readonly #known = new Map<ConditionForm, Map<ConditionForm, boolean>>();
  #pairs = 0;

  holds(a: ConditionForm, b: ConditionForm): boolean {
    if (a.key === b.key) return true;
    const known = this.#known.get(a)?.get(b);
    if (known !== undefined) return known;
    if (++this.#pairs > mostPairs) return false;
    const shown = this.#show(a, b);
    const row = this.#known.get(a) ?? new Map<ConditionForm, boolean>();
    this.#known.set(a, row.set(b, shown));
    return shown;
  }

  #show(a: ConditionForm, b: ConditionForm): boolean {
    if (a.kind === 'or') return a.children.every((child) => this.holds(child, b));
    if (b.kind === 'and') return b.children.every((child) => this.holds(a, child));
    if (a.kind === 'and' && a.children.some((child) => this.holds(child, b))) return true;
    if (b.kind === 'or') return b.children.some((child) => this.holds(a, child));
    return a.kind === 'leaf' && b.kind === 'leaf' && leafImplies(a, b);
  }
}

function leafImplies({ test: a }: LeafForm, { test: b }: LeafForm): boolean {
  if (a.of === undefined || a.of !== b.of) return false;
  // Any other test of an input is true only where there is a value.
  if (b.kind === 'has') return a.kind !== 'has';
  if (a.kind === 'text' && b.kind === 'text') return a.method === b.method && holdsText(a.method, a.value, b.value);
  const values = valuesOf(a);
  if (values !== undefined) return values.every((value) => accepts(b, value));
  return a.kind === 'compare' && b.kind === 'compare' && rangeWithin(a, b);
}

const holdsText = (method: string, text: string, part: string): boolean => {
  if (method === 'startsWith') return text.startsWith(part);
  return method === 'endsWith' ? text.endsWith(part) : text.includes(part);
};

/** All values for which the leaf is true, where these are few. */
function valuesOf(test: LeafTest): readonly Value[] | undefined {
  if (test.kind === 'among') return test.negated ? undefined : test.values;
  return test.kind === 'compare' && test.operator === '==' ? [test.value] : undefined;
}

/** Is the leaf true for this value of what it tests? */
export function accepts(test: LeafTest, value: Value): boolean {
  if (test.kind === 'among') return test.values.includes(value) !== test.negated;
  if (test.kind === 'text') return typeof value === 'string' && holdsText(test.method, value, test.value);
  return test.kind === 'compare' && compareValues(test.operator, value, test.value);
}

type Comparison = Extract<LeafTest, { kind: 'compare' }>;

/** Of `x > 5` and `x >= 3`, that the first is part of the second. */
function rangeWithin(a: Comparison, b: Comparison): boolean {
  const order = orderOf(a.value, b.value);
  if (order === undefined || a.operator === '!=') return false;
  if (b.operator === '!=') return !compareValues(a.operator, b.value, a.value);
  const [isUp, isOpen] = [a.operator.startsWith('>'), a.operator.length === 1];
  if (isUp !== b.operator.startsWith('>') || b.operator === '==') return false;
  if (order === 0) return isOpen || b.operator.length === 2;
  return isUp ? order > 0 : order < 0;
}

/** Below 0, 0 or above 0; undefined of what has no order. */
function orderOf(a: Value, b: Value): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return typeof a === 'string' && typeof b === 'string' ? compareCodePoints(a, b) : undefined;
}
