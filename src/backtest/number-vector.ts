import type { ArithmeticOperator } from '../expression/ast.js';
import type { CallNode, Node } from '../expression/checked-expression.js';
import { blockRows } from './bits.js';
import type { Column } from './column.js';
import type { ColumnBlock } from './column-block.js';

/** A calculation on all rows of a block at once; NaN is unknown. The answer lasts until the next one is asked for. */
export type NumberVector = (block: ColumnBlock, rows: number) => Float64Array;

export type PlaceOf = (name: string) => number;

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

const arithmetic: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const functionsOfTwo: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['min', Math.min],
  ['max', Math.max],
]);

/** Undefined where a part cannot be calculated in columns; then rows are evaluated one by one. */
export function numberVector(node: Node, placeOf: PlaceOf): NumberVector | undefined {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'number' ? constant(node.value) : undefined;
    case 'input':
      return node.type === 'number' ? input(placeOf(node.info.name)) : undefined;
    case 'negate':
      return ofOne(numberVector(node.operand, placeOf), (value) => -value);
    case 'arithmetic':
      if (node.type !== 'number') return undefined;
      return ofTwo(
        { left: numberVector(node.left, placeOf), right: numberVector(node.right, placeOf) },
        arithmetic[node.operator],
      );
    case 'call':
      return ofCall(node, placeOf);
    default:
      return undefined;
  }
}

function constant(value: number): NumberVector {
  const values = new Float64Array(blockRows).fill(value);
  return () => values;
}

const columnAt = ({ columns }: ColumnBlock, place: number): Column => {
  const column = columns[place];
  if (column === undefined) throw new Error(`there is no column ${place}`);
  return column;
};

const input =
  (place: number): NumberVector =>
  (block) =>
    columnAt(block, place).numbers;

function ofOne(operand: NumberVector | undefined, apply: (value: number) => number): NumberVector | undefined {
  if (operand === undefined) return undefined;
  const result = new Float64Array(blockRows);
  return (block, rows) => {
    const values = operand(block, rows);
    for (let row = 0; row < rows; row++) result[row] = finite(apply(values[row] ?? Number.NaN));
    return result;
  };
}

interface Operands {
  readonly left: NumberVector | undefined;
  readonly right: NumberVector | undefined;
}

function ofTwo({ left, right }: Operands, apply: (left: number, right: number) => number): NumberVector | undefined {
  if (left === undefined || right === undefined) return undefined;
  const result = new Float64Array(blockRows);
  return (block, rows) => {
    const one = left(block, rows);
    const two = right(block, rows);
    for (let row = 0; row < rows; row++) result[row] = finite(apply(one[row] ?? Number.NaN, two[row] ?? Number.NaN));
    return result;
  };
}

function ofCall({ spec, args }: CallNode, placeOf: PlaceOf): NumberVector | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  if (spec.name === 'log2')
    return ofOne(numberVector(first, placeOf), (value) => (value > 0 ? Math.log2(value) : Number.NaN));
  if (second === undefined) return undefined;
  const apply = functionsOfTwo.get(spec.name);
  if (apply !== undefined)
    return ofTwo({ left: numberVector(first, placeOf), right: numberVector(second, placeOf) }, apply);
  const isPlain = first.kind === 'input' && first.type === 'number' && second.kind === 'literal';
  if (spec.name !== 'default' || !isPlain || typeof second.value !== 'number') return undefined;
  return withDefault(placeOf(first.info.name), second.value);
}

/** Only what is absent is replaced; what could not be looked up stays unknown. */
function withDefault(place: number, instead: number): NumberVector {
  const result = new Float64Array(blockRows);
  return (block, rows) => {
    const { numbers, unavailable } = columnAt(block, place);
    for (let row = 0; row < rows; row++) {
      const value = numbers[row] ?? Number.NaN;
      const isMissing = Number.isNaN(value) && ((unavailable[row >>> 5] ?? 0) & (1 << (row & 31))) === 0;
      result[row] = isMissing ? instead : value;
    }
    return result;
  };
}
