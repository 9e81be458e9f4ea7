import { isKnown, type Value } from '../model/value.js';
import type { ComparisonOperator } from './ast.js';
import type { CompareNode, Node } from './checked-expression.js';
import { compareCodePoints } from './code-points.js';
import type { Closure, NodeCompiler } from './functions/function-spec.js';
import { unknownFrom, unknownOfTwo } from './functions/strict.js';

type Compare<T> = (left: T, right: T) => boolean;

const numbers: Readonly<Record<ComparisonOperator, Compare<number>>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const texts: Readonly<Record<ComparisonOperator, Compare<string>>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => compareCodePoints(left, right) < 0,
  '<=': (left, right) => compareCodePoints(left, right) <= 0,
  '>': (left, right) => compareCodePoints(left, right) > 0,
  '>=': (left, right) => compareCodePoints(left, right) >= 0,
};

/** Two values of one type. */
export function compareValues(operator: ComparisonOperator, left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return numbers[operator](left, right);
  if (typeof left === 'string' && typeof right === 'string') return texts[operator](left, right);
  return operator === '!=' ? left !== right : left === right;
}

/** The commonest shape of all, a field against a number written out: one closure, no calls. */
const fieldAgainstNumber: Readonly<Record<ComparisonOperator, (slot: number, limit: number) => Closure>> = {
  '==': (slot, limit) => (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && Number.isFinite(value) ? value === limit : unknownFrom(value);
  },
  '!=': (slot, limit) => (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && Number.isFinite(value) ? value !== limit : unknownFrom(value);
  },
  '<': (slot, limit) => (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && Number.isFinite(value) ? value < limit : unknownFrom(value);
  },
  '<=': (slot, limit) => (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && Number.isFinite(value) ? value <= limit : unknownFrom(value);
  },
  '>': (slot, limit) => (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && Number.isFinite(value) ? value > limit : unknownFrom(value);
  },
  '>=': (slot, limit) => (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && Number.isFinite(value) ? value >= limit : unknownFrom(value);
  },
};

const turned: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Holds where the other does not; both are unknown together. */
export const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/** A comparison with the constant, if there is one, on the right. */
export function constantRight(node: CompareNode): { operator: ComparisonOperator; left: Node; right: Node } {
  const { operator, left, right } = node;
  const turn = left.kind === 'literal' && right.kind !== 'literal';
  return turn ? { operator: turned[operator], left: right, right: left } : { operator, left, right };
}

function compareNumbers(compare: Compare<number>, one: Closure, two: Closure): Closure {
  return (slots) => {
    const left = one(slots);
    const right = two(slots);
    return typeof left === 'number' && typeof right === 'number' ? compare(left, right) : unknownOfTwo(left, right);
  };
}

export function compileComparison(node: CompareNode, compiler: NodeCompiler): Closure {
  const { operator, left, right } = constantRight(node);
  if (left.kind === 'input' && right.kind === 'literal') {
    const { slot } = left.info;
    const { value: constant } = right;
    if (typeof constant === 'number') return fieldAgainstNumber[operator](slot, constant);
    return (slots) => {
      const value = slots[slot];
      return isKnown(value) ? compareValues(operator, value, constant) : unknownFrom(value);
    };
  }
  const one = compiler.closure(left);
  const two = compiler.closure(right);
  if (left.type === 'number') return compareNumbers(numbers[operator], one, two);
  return (slots) => {
    const leftValue = one(slots);
    const rightValue = two(slots);
    if (!isKnown(leftValue) || !isKnown(rightValue)) return unknownOfTwo(leftValue, rightValue);
    return compareValues(operator, leftValue, rightValue);
  };
}
