import type { Node } from '../expression/checked-expression.js';
import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import { describeNode } from '../expression/describe-node.js';
import type { Slots } from '../model/value.js';
import { removeBits, setBit } from './bits.js';
import { compareVectors } from './compare-vectors.js';
import { type Equality, equalityOf } from './equality.js';
import type { PlaceOf } from './number-vector.js';
import { columnAt, type NumberVectors } from './number-vectors.js';
import type { RunLeaf } from './truth.js';

/** How one part is evaluated: by looking up the rows of a value, in a loop over numbers, once for each reading, or row by row. */
interface LeafForm {
  readonly run: RunLeaf;
  /** The column whose rows have to be grouped by what they hold. */
  readonly grouped: number | undefined;
}

interface LeafSurroundings {
  /** Where in a row an input is. */
  readonly placeOf: PlaceOf;
  readonly vectors: NumberVectors;
}

export function leafForm(node: Node, around: LeafSurroundings): LeafForm {
  const { placeOf } = around;
  const described = describeNode(node, '');
  const inputs = described.reads.map(({ name, slot }) => ({ slot, place: placeOf(name) }));
  const [only, ...more] = inputs;
  const equality = equalityOf(node);
  if (equality !== undefined && only !== undefined) return { run: lookUp(equality, only.place), grouped: only.place };
  const vector = node.kind === 'compare' ? compareVectors(node, around) : undefined;
  if (vector !== undefined) return { run: vector, grouped: undefined };
  const compiled = compileExpression(described);
  if (only === undefined || more.length > 0) return { run: rowByRow(compiled, inputs), grouped: undefined };
  return { run: onceForEach(compiled, only), grouped: only.place };
}

/** Nothing is evaluated: the rows of the values are known. */
function lookUp({ values, isNegated }: Equality, place: number): RunLeaf {
  return (block, { isTrue, isFalse }) => {
    const column = columnAt(block, place);
    const [holds, holdsNot] = isNegated ? [isFalse, isTrue] : [isTrue, isFalse];
    holdsNot.set(block.present);
    removeBits(holdsNot, column.missing);
    for (const value of values) {
      const group = column.groupOf(value);
      if (group === undefined) continue;
      column.addRows(holds, group);
      column.removeRows(holdsNot, group);
    }
  };
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
    const column = columnAt(block, place);
    const { groups, readings } = column;
    if (generation !== column.generation) table.fill(0);
    generation = column.generation;
    if (table.length < readings.length) table = grown(table, readings.length);
    // Most readings make most conditions false: all rows are, until a group says otherwise.
    isFalse.set(block.present);
    for (const group of groups) {
      let answer = table[group.code] ?? 0;
      if (answer === answers.notYet) {
        answer = answerTo(group.code, readings);
        table[group.code] = answer;
      }
      if (answer === answers.isFalse) continue;
      column.removeRows(isFalse, group);
      if (answer === answers.isTrue) column.addRows(isTrue, group);
    }
  };
}

function grown(table: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, table.length * 2));
  larger.set(table);
  return larger;
}
