/**
 * Ranges over cells, the stretches between neighbouring boundaries: range i covers the cells from `first[i]` up to, not
 * including, `past[i]`, and carries `values[i]`.
 */
export interface CellRanges {
  readonly cells: number;
  readonly first: Uint32Array;
  readonly past: Uint32Array;
  readonly values: Uint32Array;
}

/** What a cell holds when several ranges cover it. */
export type Overlap = 'union' | 'narrowest';

/** Values as 32-bit category masks: each cell holds the union of the ranges that cover it. */
export function unionOfRanges({ cells, first, past, values }: CellRanges): Uint32Array {
  const result = new Uint32Array(cells);
  const used = values.reduce((all, mask) => all | mask, 0);
  for (let bit = 0; bit < 32; bit++) {
    const mask = 1 << bit;
    if ((used & mask) === 0) continue;
    const change = new Int32Array(cells + 1);
    for (let i = 0; i < values.length; i++) {
      if (((values[i] ?? 0) & mask) === 0) continue;
      change[first[i] ?? 0] = (change[first[i] ?? 0] ?? 0) + 1;
      change[past[i] ?? 0] = (change[past[i] ?? 0] ?? 0) - 1;
    }
    addWhereCovered(result, change, mask);
  }
  return result;
}

function addWhereCovered(result: Uint32Array, change: Int32Array, mask: number): void {
  let covering = 0;
  for (let cell = 0; cell < result.length; cell++) {
    covering += change[cell] ?? 0;
    if (covering > 0) result[cell] = (result[cell] ?? 0) | mask;
  }
}

/** Values as payloads: the range that comes first in `order` wins each cell it covers; the others keep the rest. */
export function firstOfRanges({ cells, first, past, values }: CellRanges, order: Uint32Array): Uint32Array {
  const result = new Uint32Array(cells);
  // next[c] leads to the first cell at or after c that nobody has taken yet.
  const next = Uint32Array.from({ length: cells + 1 }, (_, cell) => cell);
  const free = (cell: number): number => {
    let root = cell;
    while ((next[root] ?? 0) !== root) root = next[root] ?? 0;
    for (let at = cell; at !== root; ) {
      const then = next[at] ?? root;
      next[at] = root;
      at = then;
    }
    return root;
  };
  for (const i of order) {
    const end = past[i] ?? 0;
    for (let cell = free(first[i] ?? 0); cell < end; cell = free(cell + 1)) {
      result[cell] = values[i] ?? 0;
      next[cell] = cell + 1;
    }
  }
  return result;
}

/** Cells where the value changes, so that neighbours with one value are one stretch. */
export function changedCells(values: Uint32Array): Uint32Array {
  const changed = new Uint32Array(values.length);
  let count = 0;
  for (let cell = 0; cell < values.length; cell++) {
    if (cell === 0 || values[cell] !== values[cell - 1]) changed[count++] = cell;
  }
  return changed.slice(0, count);
}
