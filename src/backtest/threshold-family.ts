import type { ComparisonOperator } from '../expression/ast.js';
import { type Bits, blockRows, blockWords, newBits, setBit } from './bits.js';
import type { ColumnBlock } from './column-block.js';
import type { NumberVector } from './number-vector.js';

/**
 * Comparisons of one calculation with many constants. Each row's place among the constants is looked for once; every
 * comparison is then a bit vector that lies ready. With n constants in ascending order a value below the first has code 0,
 * one that equals constant k has 2k+1, one between k and k+1 has 2k+2.
 */
export class ThresholdFamily {
  private readonly given = new Set<number>();
  private limits = new Float64Array(0);
  /** Rows with this code or a lower one; the last holds all numbers. */
  private upTo: Bits[] = [];
  private filled = -1;

  constructor(private readonly vector: NumberVector) {}

  get size(): number {
    return this.given.size;
  }

  add(limit: number): void {
    this.given.add(limit);
  }

  /** Bits of a block: where the comparison holds, and where there is a number at all. */
  compare(
    block: ColumnBlock,
    operator: ComparisonOperator,
    limit: number,
  ): { holds: Bits; inverted: boolean; known: Bits } {
    if (this.filled !== block.filling) this.fill(block);
    const below = 2 * this.indexOf(limit);
    const known = this.upTo.at(-1) ?? this.nothing;
    const at = (code: number): Bits => this.upTo[code] ?? this.nothing;
    if (operator === '<') return { holds: at(below), inverted: false, known };
    if (operator === '<=') return { holds: at(below + 1), inverted: false, known };
    return operator === '>'
      ? { holds: at(below + 1), inverted: true, known }
      : { holds: at(below), inverted: true, known };
  }

  private readonly nothing = newBits();

  private fill(block: ColumnBlock): void {
    this.prepare();
    this.filled = block.filling;
    for (const bits of this.upTo) bits.fill(0);
    const values = this.vector(block);
    const { limits, upTo } = this;
    const rows = block.rows.length;
    for (let row = 0; row < rows && row < blockRows; row++) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const index = firstNotBelow(limits, value);
      const bits = upTo[limits[index] === value ? 2 * index + 1 : 2 * index];
      if (bits !== undefined) setBit(bits, row);
    }
    for (let code = 1; code < upTo.length; code++) include(upTo[code], upTo[code - 1]);
  }

  /** The constants are all known when the first block comes. */
  private prepare(): void {
    if (this.limits.length === this.given.size) return;
    this.limits = Float64Array.from(this.given).sort();
    this.upTo = Array.from({ length: 2 * this.limits.length + 1 }, newBits);
  }

  private indexOf(limit: number): number {
    return firstNotBelow(this.limits, limit);
  }
}

function include(into: Bits | undefined, from: Bits | undefined): void {
  if (into === undefined || from === undefined) return;
  for (let word = 0; word < blockWords; word++) into[word] = (into[word] ?? 0) | (from[word] ?? 0);
}

/** Place of the first constant that is not below the value. */
function firstNotBelow(limits: Float64Array, value: number): number {
  let low = 0;
  let high = limits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((limits[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
