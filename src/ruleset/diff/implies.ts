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
  if (test.kind !== 'compare') return false;
  if (test.operator === '==') return value === test.value;
  if (test.operator === '!=') return value !== test.value;
  if (typeof value !== 'number' || typeof test.value !== 'number') return false;
  return compare(value, test.operator, test.value);
}

function compare(left: number, operator: string, right: number): boolean {
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

type Comparison = Extract<LeafTest, { kind: 'compare' }>;

/** Of `x > 5` and `x >= 3`, that the first is part of the second. */
function rangeWithin(a: Comparison, b: Comparison): boolean {
  if (typeof a.value !== 'number' || typeof b.value !== 'number' || a.operator === '!=') return false;
  if (b.operator === '!=') return !compare(b.value, a.operator, a.value);
  const [isUp, isOpen] = [a.operator.startsWith('>'), a.operator.length === 1];
  if (isUp !== b.operator.startsWith('>') || b.operator === '==') return false;
  if (a.value === b.value) return isOpen || b.operator.length === 2;
  return isUp ? a.value > b.value : a.value < b.value;
}
