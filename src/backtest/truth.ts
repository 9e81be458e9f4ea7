import { type Bits, blockWords, ones } from './bits.js';
import type { ColumnBlock } from './column-block.js';

/** What a condition is on each row; a row in neither is unknown. */
export interface Truth {
  readonly isTrue: Bits;
  readonly isFalse: Bits;
}

/** A part of a condition without `&&`, `||` and `!`, evaluated on a block; `truth` comes empty. */
export type RunLeaf = (block: ColumnBlock, truth: Truth) => void;

/** Visits the rows of these where a condition is true, and counts them and those where it is unknown. */
export function visitTruth(
  { isTrue, isFalse }: Truth,
  rows: Bits,
  visit: (row: number) => void,
): { readonly isTrue: number; readonly unknown: number } {
  let found = 0;
  let unknown = 0;
  for (let word = 0; word < blockWords; word++) {
    const here = rows[word] ?? 0;
    let holds = (isTrue[word] ?? 0) & here;
    const open = here & ~((isTrue[word] ?? 0) | (isFalse[word] ?? 0));
    if (open !== 0) unknown += ones(open);
    while (holds !== 0) {
      const lowest = holds & -holds;
      visit(word * 32 + 31 - Math.clz32(lowest));
      found++;
      holds ^= lowest;
    }
  }
  return { isTrue: found, unknown };
}
