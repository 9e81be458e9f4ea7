import type { Node } from '../expression/checked-expression.js';
import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import { describeNode } from '../expression/describe-node.js';
import type { Slots } from '../model/value.js';
import { addBits, type Bits, clearBit, removeBits, setBit } from './bits.js';
import type { ColumnBlock } from './column-block.js';
import { compareVectors } from './compare-vectors.js';
import type { NumberVectors, PlaceOf } from './number-vectors.js';

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

export interface LeafSurroundings {
  /** Where in a row an input is. */
  readonly placeOf: PlaceOf;
  readonly vectors: NumberVectors;
}

export function leafForm(node: Node, around: LeafSurroundings): LeafForm {
  const { placeOf } = around;
  const { reads } = describeNode(node, '');
  const places = reads.map(({ name }) => placeOf(name));
  const column = places.length === 1 ? places[0] : undefined;
  const vector = node.kind === 'compare' ? compareVectors(node, around) : undefined;
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
    for (const { code, from, to, bits } of groups) {
      let answer = table[code] ?? 0;
      if (answer === answers.notYet) {
        answer = answerTo(code, readings);
        table[code] = answer;
      }
      if (answer === answers.isFalse) continue;
      if (bits !== undefined) {
        removeBits(isFalse, bits);
        if (answer === answers.isTrue) addBits(isTrue, bits);
        continue;
      }
      for (let place = from; place < to; place++) clearBit(isFalse, order[place] ?? 0);
      if (answer === answers.unknown) continue;
      for (let place = from; place < to; place++) setBit(isTrue, order[place] ?? 0);
    }
  };
}

function grown(table: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, table.length * 2));
  larger.set(table);
  return larger;
}
