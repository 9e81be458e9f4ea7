import type { ComparisonOperator } from '../expression/ast.js';
import type { Node } from '../expression/checked-expression.js';
import { constantRight } from '../expression/compile-comparison.js';
import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import { describeNode } from '../expression/describe-node.js';
import type { Slots } from '../model/value.js';
import { type Bits, setBit } from './bits.js';
import type { ColumnBlock } from './column-block.js';
import { type NumberVector, numberVector, type PlaceOf } from './number-vector.js';

/** What a condition is on each row; a row in neither is unknown. */
export interface Truth {
  readonly isTrue: Bits;
  readonly isFalse: Bits;
}

/** A part of a condition without `&&`, `||` and `!`, evaluated on a block; `truth` comes empty. */
export type RunLeaf = (block: ColumnBlock, truth: Truth) => void;

/** How one part is evaluated: once for each different reading, in a loop over numbers, or row by row. */
export interface LeafForm {
  readonly run: RunLeaf;
  /** The only column it reads, where there is one. */
  readonly column: number | undefined;
  readonly isNumeric: boolean;
}

export function leafForm(node: Node, placeOf: PlaceOf): LeafForm {
  const { reads } = describeNode(node, '');
  const places = reads.map(({ name }) => placeOf(name));
  const column = places.length === 1 ? places[0] : undefined;
  const vector = node.kind === 'compare' ? comparison(node, placeOf) : undefined;
  const compiled = compileExpression(describeNode(node, ''));
  const inputs = reads.map(({ slot }, index) => ({ slot, place: places[index] ?? -1 }));
  const loop = vector ?? rowByRow(compiled, inputs);
  if (column === undefined) return { run: loop, column, isNumeric: vector !== undefined };
  const slot = inputs[0]?.slot ?? 0;
  const coded = onceForEach(compiled, { slot, place: column });
  const run: RunLeaf = (block, truth) => {
    const { isCoded = false, groups = [] } = block.columns[column] ?? {};
    const isWorth = isCoded && (vector === undefined || groups.length * 8 < block.rows.length);
    (isWorth ? coded : loop)(block, truth);
  };
  return { run, column, isNumeric: vector !== undefined };
}

interface InputPlace {
  /** Where the compiled expression looks for it. */
  readonly slot: number;
  /** Where rows have it. */
  readonly place: number;
}

function rowByRow(compiled: CompiledExpression, inputs: readonly InputPlace[]): RunLeaf {
  const slots: Slots = [];
  return ({ rows }, { isTrue, isFalse }) => {
    for (let row = 0; row < rows.length; row++) {
      const readings = rows[row]?.readings ?? [];
      for (const { slot, place } of inputs) slots[slot] = readings[place];
      const result = compiled.evaluate(slots);
      if (result === true) setBit(isTrue, row);
      else if (result === false) setBit(isFalse, row);
    }
  };
}

const answers = { notYet: 0, isFalse: 1, isTrue: 2, unknown: 3 } as const;

/** A reading that was seen before is not evaluated again, in later blocks either. */
function onceForEach(compiled: CompiledExpression, { slot, place }: InputPlace): RunLeaf {
  const slots: Slots = [];
  let table = new Uint8Array(64);
  let generation = -1;
  const answerTo = (code: number, readings: Slots): number => {
    slots[slot] = readings[code];
    const result = compiled.evaluate(slots);
    return result === true ? answers.isTrue : result === false ? answers.isFalse : answers.unknown;
  };
  return (block, { isTrue, isFalse }) => {
    const column = block.columns[place];
    if (column === undefined) return;
    const { groups, order, readings } = column;
    if (generation !== column.generation) table.fill(0);
    generation = column.generation;
    if (table.length < readings.length) table = grown(table, readings.length);
    // Most readings make most conditions false: all rows are, until a group says otherwise.
    isFalse.set(block.present);
    for (const { code, from, to } of groups) {
      let answer = table[code] ?? 0;
      if (answer === answers.notYet) {
        answer = answerTo(code, readings);
        table[code] = answer;
      }
      if (answer === answers.isFalse) continue;
      for (let place = from; place < to; place++) clearBit(isFalse, order[place] ?? 0);
      if (answer === answers.unknown) continue;
      for (let place = from; place < to; place++) setBit(isTrue, order[place] ?? 0);
    }
  };
}

function clearBit(bits: Bits, row: number): void {
  const word = row >>> 5;
  bits[word] = (bits[word] ?? 0) & ~(1 << (row & 31));
}

function grown(table: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, table.length * 2));
  larger.set(table);
  return larger;
}

type Compare = (left: Float64Array, right: Float64Array, word: number, rows: number) => number;

/** Bits of one word: a function for each operator, so that the loop within calls nothing. */
const comparisons: Readonly<Record<'<' | '<=' | '==', Compare>> = {
  '<': (left, right, from, rows) => {
    let bits = 0;
    for (let row = 0; row < rows; row++) if ((left[from + row] ?? 0) < (right[from + row] ?? 0)) bits |= 1 << row;
    return bits;
  },
  '<=': (left, right, from, rows) => {
    let bits = 0;
    for (let row = 0; row < rows; row++) if ((left[from + row] ?? 0) <= (right[from + row] ?? 0)) bits |= 1 << row;
    return bits;
  },
  '==': (left, right, from, rows) => {
    let bits = 0;
    for (let row = 0; row < rows; row++) if (left[from + row] === right[from + row]) bits |= 1 << row;
    return bits;
  },
};

/** Rows where both sides are numbers: others are unknown. */
const bothKnown: Compare = (left, right, from, rows) => {
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    const difference = (left[from + row] ?? Number.NaN) - (right[from + row] ?? Number.NaN);
    if (!Number.isNaN(difference)) bits |= 1 << row;
  }
  return bits;
};

interface Plan {
  readonly compare: Compare;
  readonly swapped: boolean;
  readonly negated: boolean;
}

const plans: Readonly<Record<ComparisonOperator, Plan>> = {
  '<': { compare: comparisons['<'], swapped: false, negated: false },
  '<=': { compare: comparisons['<='], swapped: false, negated: false },
  '>': { compare: comparisons['<'], swapped: true, negated: false },
  '>=': { compare: comparisons['<='], swapped: true, negated: false },
  '==': { compare: comparisons['=='], swapped: false, negated: false },
  '!=': { compare: comparisons['=='], swapped: false, negated: true },
};

function comparison(node: Node & { kind: 'compare' }, placeOf: PlaceOf): RunLeaf | undefined {
  const { operator, left, right } = constantRight(node);
  const one = numberVector(left, placeOf);
  const two = numberVector(right, placeOf);
  return one === undefined || two === undefined ? undefined : compareVectors(one, two, plans[operator]);
}

function compareVectors(one: NumberVector, two: NumberVector, { compare, swapped, negated }: Plan): RunLeaf {
  return (block, { isTrue, isFalse }) => {
    const rows = block.rows.length;
    const left = (swapped ? two : one)(block, rows);
    const right = (swapped ? one : two)(block, rows);
    const [holds, holdsNot] = negated ? [isFalse, isTrue] : [isTrue, isFalse];
    for (let from = 0; from < rows; from += 32) {
      const count = Math.min(32, rows - from);
      const bits = compare(left, right, from, count);
      holds[from >>> 5] = bits;
      holdsNot[from >>> 5] = bothKnown(left, right, from, count) & ~bits;
    }
  };
}
