import type { ArithmeticOperator } from '../expression/ast.js';
import type { CallNode, Node } from '../expression/checked-expression.js';
import { blockRows } from './bits.js';
import type { Column } from './column.js';
import type { ColumnBlock } from './column-block.js';
import type { NodeKeys } from './node-key.js';
import type { NumberVector, PlaceOf } from './number-vector.js';
import { ThresholdFamily } from './threshold-family.js';

type Fill = (block: ColumnBlock, result: Float64Array) => void;
type OfTwo = (left: Float64Array, right: Float64Array, result: Float64Array) => void;

/** One loop for each operator, so that nothing is called within. What is not finite is unknown. */
const loops: Readonly<Record<ArithmeticOperator | 'min' | 'max', OfTwo>> = {
  '+': (left, right, result) => {
    for (let row = 0; row < blockRows; row++) result[row] = finite((left[row] ?? 0) + (right[row] ?? 0));
  },
  '-': (left, right, result) => {
    for (let row = 0; row < blockRows; row++) result[row] = finite((left[row] ?? 0) - (right[row] ?? 0));
  },
  '*': (left, right, result) => {
    for (let row = 0; row < blockRows; row++) result[row] = finite((left[row] ?? 0) * (right[row] ?? 0));
  },
  '/': (left, right, result) => {
    for (let row = 0; row < blockRows; row++) result[row] = finite((left[row] ?? 0) / (right[row] ?? 0));
  },
  min: (left, right, result) => {
    for (let row = 0; row < blockRows; row++) result[row] = Math.min(left[row] ?? 0, right[row] ?? 0);
  },
  max: (left, right, result) => {
    for (let row = 0; row < blockRows; row++) result[row] = Math.max(left[row] ?? 0, right[row] ?? 0);
  },
};

/** A difference of infinities or of what is no number is no number. */
const finite = (value: number): number => (value - value === 0 ? value : Number.NaN);

export const columnAt = ({ columns }: ColumnBlock, place: number): Column => {
  const column = columns[place];
  if (column === undefined) throw new Error(`there is no column ${place}`);
  return column;
};

/** Calculations that conditions have in common are made once for a block. */
export class NumberVectors {
  private readonly known = new Map<string, NumberVector | undefined>();
  private readonly families = new Map<NumberVector, ThresholdFamily>();

  constructor(private readonly keys: NodeKeys) {}

  /** Undefined where a part cannot be calculated in columns; then rows are evaluated one by one. */
  of(node: Node, placeOf: PlaceOf): NumberVector | undefined {
    const key = this.keys.of(node, placeOf);
    if (this.known.has(key)) return this.known.get(key);
    const vector = this.make(node, placeOf);
    this.known.set(key, vector);
    return vector;
  }

  /** The comparisons of this calculation with constants. */
  family(vector: NumberVector): ThresholdFamily {
    const known = this.families.get(vector) ?? new ThresholdFamily(vector);
    this.families.set(vector, known);
    return known;
  }

  private make(node: Node, placeOf: PlaceOf): NumberVector | undefined {
    switch (node.kind) {
      case 'literal':
        return typeof node.value === 'number' ? constant(node.value) : undefined;
      case 'input': {
        const place = placeOf(node.info.name);
        return node.type === 'number' ? (block) => columnAt(block, place).numbers : undefined;
      }
      case 'negate':
        return ofOne(this.of(node.operand, placeOf), negate);
      case 'arithmetic':
        if (node.type !== 'number') return undefined;
        return this.ofTwo([node.left, node.right], placeOf, loops[node.operator]);
      case 'call':
        return this.ofCall(node, placeOf);
      default:
        return undefined;
    }
  }

  private ofTwo(nodes: readonly [Node, Node], placeOf: PlaceOf, loop: OfTwo): NumberVector | undefined {
    const [left, right] = [this.of(nodes[0], placeOf), this.of(nodes[1], placeOf)];
    if (left === undefined || right === undefined) return undefined;
    return oncePerFilling((block, result) => loop(left(block), right(block), result));
  }

  private ofCall({ spec, args }: CallNode, placeOf: PlaceOf): NumberVector | undefined {
    const [first, second] = args;
    if (first === undefined) return undefined;
    if (spec.name === 'log2') return ofOne(this.of(first, placeOf), logarithm);
    if (second === undefined) return undefined;
    if (spec.name === 'min' || spec.name === 'max') return this.ofTwo([first, second], placeOf, loops[spec.name]);
    const isPlain = first.kind === 'input' && first.type === 'number' && second.kind === 'literal';
    if (spec.name !== 'default' || !isPlain || typeof second.value !== 'number') return undefined;
    return withDefault(placeOf(first.info.name), second.value);
  }
}

function constant(value: number): NumberVector {
  const values = new Float64Array(blockRows).fill(value);
  return () => values;
}

function oncePerFilling(fill: Fill): NumberVector {
  const result = new Float64Array(blockRows);
  let filled = -1;
  return (block) => {
    if (filled !== block.filling) fill(block, result);
    filled = block.filling;
    return result;
  };
}

type OfOne = (values: Float64Array, result: Float64Array) => void;

const negate: OfOne = (values, result) => {
  for (let row = 0; row < blockRows; row++) result[row] = -(values[row] ?? 0);
};

const logarithm: OfOne = (values, result) => {
  for (let row = 0; row < blockRows; row++) {
    const value = values[row] ?? 0;
    result[row] = value > 0 ? Math.log2(value) : Number.NaN;
  }
};

const ofOne = (operand: NumberVector | undefined, loop: OfOne): NumberVector | undefined =>
  operand === undefined ? undefined : oncePerFilling((block, result) => loop(operand(block), result));

/** Only what is absent is replaced; what could not be looked up stays unknown. */
const withDefault = (place: number, instead: number): NumberVector =>
  oncePerFilling((block, result) => {
    const { numbers, unavailable } = columnAt(block, place);
    for (let row = 0; row < blockRows; row++) {
      const value = numbers[row] ?? 0;
      const isMissing = Number.isNaN(value) && ((unavailable[row >>> 5] ?? 0) & (1 << (row & 31))) === 0;
      result[row] = isMissing ? instead : value;
    }
  });
