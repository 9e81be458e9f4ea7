import type { ColumnBlock } from './column-block.js';

/** A calculation on all rows of a block at once; NaN is unknown. */
export type NumberVector = (block: ColumnBlock) => Float64Array;

/** Where in a row an input is. */
export type PlaceOf = (name: string) => number;
