import type { Node } from '../expression/checked-expression.js';
import { addBits, keepBits, newBits } from './bits.js';
import type { ColumnBlock } from './column-block.js';
import { leafForm } from './leaf-form.js';
import { NodeKeys } from './node-key.js';
import type { PlaceOf } from './number-vector.js';
import { NumberVectors } from './number-vectors.js';
import type { Truth } from './truth.js';

type Step = (block: ColumnBlock) => void;

/**
 * Many conditions over columns. What several conditions have in common is evaluated once for a block; `&&`, `||` and `!`
 * work on 32 rows at a time. Kleene's logic on two bit vectors: a row that is neither true nor false is unknown.
 */
export class ConditionProgram {
  private readonly truths: Truth[] = [];
  private readonly steps: Step[] = [];
  private readonly known = new Map<string, number>();
  private readonly keys = new NodeKeys();
  private readonly vectors = new NumberVectors(this.keys);
  private readonly grouped = new Set<number>();

  /** The condition's number. `placeOf`: where in a row an input is. */
  add(node: Node, placeOf: PlaceOf): number {
    switch (node.kind) {
      case 'predicate':
        return this.add(node.expression.ast, placeOf);
      case 'not':
        return this.opposite(this.add(node.operand, placeOf));
      case 'and':
      case 'or':
        return this.combine(node.kind, [...new Set(node.operands.map((operand) => this.add(operand, placeOf)))]);
      default:
        return this.leaf(node, placeOf);
    }
  }

  /** Different parts of conditions, those of `&&` and `||` included. */
  get size(): number {
    return this.steps.length;
  }

  /** Columns that are to be grouped before the first block. */
  groupColumns({ columns }: ColumnBlock): void {
    for (const place of this.grouped) columns[place]?.code();
  }

  run(block: ColumnBlock): void {
    for (const step of this.steps) step(block);
  }

  /** Of the block that ran last. */
  truthOf(condition: number): Truth {
    const truth = this.truths[condition];
    if (truth === undefined) throw new Error(`there is no condition ${condition}`);
    return truth;
  }

  private leaf(node: Node, placeOf: PlaceOf): number {
    return this.once(`leaf ${this.keys.of(node, placeOf)}`, () => {
      const { run, grouped } = leafForm(node, { placeOf, vectors: this.vectors });
      if (grouped !== undefined) this.grouped.add(grouped);
      const truth = { isTrue: newBits(), isFalse: newBits() };
      this.steps.push((block) => {
        truth.isTrue.fill(0);
        truth.isFalse.fill(0);
        run(block, truth);
      });
      return truth;
    });
  }

  /** True and false change places; nothing is to be done for a block. */
  private opposite(of: number): number {
    return this.once(`not ${of}`, () => {
      const { isTrue, isFalse } = this.truthOf(of);
      return { isTrue: isFalse, isFalse: isTrue };
    });
  }

  private combine(kind: 'and' | 'or', operands: readonly number[]): number {
    const [only, ...more] = operands;
    if (only !== undefined && more.length === 0) return only;
    return this.once(`${kind} ${[...operands].sort((a, b) => a - b).join()}`, () => {
      const parts = operands.map((operand) => this.truthOf(operand));
      const truth = { isTrue: newBits(), isFalse: newBits() };
      const [all, any] = kind === 'and' ? [truth.isTrue, truth.isFalse] : [truth.isFalse, truth.isTrue];
      const allOf = parts.map(({ isTrue, isFalse }) => (kind === 'and' ? isTrue : isFalse));
      const anyOf = parts.map(({ isTrue, isFalse }) => (kind === 'and' ? isFalse : isTrue));
      this.steps.push(() => {
        all.fill(0xffffffff);
        for (const part of allOf) keepBits(all, part);
        any.fill(0);
        for (const part of anyOf) addBits(any, part);
      });
      return truth;
    });
  }

  private once(key: string, make: () => Truth): number {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const truth = make();
    const number = this.truths.push(truth) - 1;
    this.known.set(key, number);
    return number;
  }
}
