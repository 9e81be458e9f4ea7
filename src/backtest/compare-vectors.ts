import type { ComparisonOperator } from '../expression/ast.js';
import type { CompareNode } from '../expression/checked-expression.js';
import { constantRight } from '../expression/compile-comparison.js';
import { type Bits, blockWords, keepBits, removeBits } from './bits.js';
import type { NumberVector, PlaceOf } from './number-vector.js';
import { columnAt, type NumberVectors } from './number-vectors.js';
import type { ThresholdFamily } from './threshold-family.js';
import type { RunLeaf } from './truth.js';

/** Bits where a comparison with NaN is false anyway: one loop for each operator, so that nothing is called within. */
type AgainstNumber = (values: Float64Array, limit: number, bits: Bits) => void;
type Against = (left: Float64Array, right: Float64Array, bits: Bits) => void;
type Positive = '<' | '<=' | '==';

const againstNumber: Readonly<Record<Positive | '>' | '>=', AgainstNumber>> = {
  '<': (values, limit, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number((values[row] ?? 0) < limit) << bit;
      bits[word] = found;
    }
  },
  '<=': (values, limit, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number((values[row] ?? 0) <= limit) << bit;
      bits[word] = found;
    }
  },
  '>': (values, limit, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number((values[row] ?? 0) > limit) << bit;
      bits[word] = found;
    }
  },
  '>=': (values, limit, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number((values[row] ?? 0) >= limit) << bit;
      bits[word] = found;
    }
  },
  '==': (values, limit, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number(values[row] === limit) << bit;
      bits[word] = found;
    }
  },
};

const against: Readonly<Record<Positive, Against>> = {
  '<': (left, right, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number((left[row] ?? 0) < (right[row] ?? 0)) << bit;
      bits[word] = found;
    }
  },
  '<=': (left, right, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number((left[row] ?? 0) <= (right[row] ?? 0)) << bit;
      bits[word] = found;
    }
  },
  '==': (left, right, bits) => {
    for (let word = 0, row = 0; word < blockWords; word++) {
      let found = 0;
      for (let bit = 0; bit < 32; bit++, row++) found |= Number(left[row] === right[row]) << bit;
      bits[word] = found;
    }
  },
};

/** Where a value is itself it is a number. */
const knownOf: Against = against['=='];

interface Vectors {
  readonly placeOf: PlaceOf;
  readonly vectors: NumberVectors;
}

/** A comparison of numbers on all rows at once; undefined where a side cannot be calculated so. */
export function compareVectors(node: CompareNode, { placeOf, vectors }: Vectors): RunLeaf | undefined {
  const { operator, left, right } = constantRight(node);
  const one = vectors.of(left, placeOf);
  if (one === undefined) return undefined;
  if (right.kind === 'literal' && typeof right.value === 'number') {
    const place = left.kind === 'input' ? placeOf(left.info.name) : undefined;
    return withNumber(one, { operator, limit: right.value, place }, vectors.family(one));
  }
  const two = vectors.of(right, placeOf);
  return two === undefined ? undefined : withVector(one, two, operator);
}

interface Limit {
  readonly operator: ComparisonOperator;
  readonly limit: number;
  /** The column, where the left side is a bare input: it knows where there are numbers. */
  readonly place: number | undefined;
}

/** From this many constants on it is quicker to look for each row's place among them. */
const worthSorting = 6;

function withNumber(vector: NumberVector, given: Limit, family: ThresholdFamily): RunLeaf {
  const { operator, limit } = given;
  const alone = aloneWithNumber(vector, given);
  if (operator === '==' || operator === '!=') return alone;
  family.add(limit);
  return (block, truth) => {
    if (family.size < worthSorting) {
      alone(block, truth);
      return;
    }
    const { isTrue, isFalse } = truth;
    const { holds, inverted, known } = family.compare(block, operator, limit);
    const [one, other] = inverted ? [isFalse, isTrue] : [isTrue, isFalse];
    one.set(holds);
    other.set(known);
    removeBits(other, holds);
  };
}

function aloneWithNumber(vector: NumberVector, { operator, limit, place }: Limit): RunLeaf {
  const isNegated = operator === '!=';
  const loop = againstNumber[isNegated ? '==' : operator];
  return (block, { isTrue, isFalse }) => {
    const values = vector(block);
    const [holds, holdsNot] = isNegated ? [isFalse, isTrue] : [isTrue, isFalse];
    if (place === undefined) knownOf(values, values, holdsNot);
    else holdsNot.set(columnAt(block, place).known);
    loop(values, limit, holds);
    settle(holds, holdsNot, block.present);
  };
}

const swapped: Readonly<Partial<Record<ComparisonOperator, Positive>>> = { '>': '<', '>=': '<=' };

function withVector(one: NumberVector, two: NumberVector, operator: ComparisonOperator): RunLeaf {
  const isNegated = operator === '!=';
  const turned = swapped[operator];
  const [first, second] = turned === undefined ? [one, two] : [two, one];
  const loop = against[turned ?? (operator === '<' || operator === '<=' ? operator : '==')];
  return (block, { isTrue, isFalse }) => {
    const [left, right] = [first(block), second(block)];
    const [holds, holdsNot] = isNegated ? [isFalse, isTrue] : [isTrue, isFalse];
    knownOf(left, left, holdsNot);
    knownOf(right, right, holds);
    keepBits(holdsNot, holds);
    loop(left, right, holds);
    settle(holds, holdsNot, block.present);
  };
}

/** `holdsNot` comes as where both sides are known; behind the last row is nothing. */
function settle(holds: Bits, holdsNot: Bits, present: Bits): void {
  keepBits(holds, present);
  keepBits(holdsNot, present);
  removeBits(holdsNot, holds);
}
