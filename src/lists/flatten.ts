import { inChunks, itemsInStep, type Steps } from '../model/steps.js';
import { longWords } from './long-words.js';
import { orderOfKeys } from './order-of-keys.js';

/**
 * Ranges of addresses as they come: any order, nested, overlapping; `width` words for each start and each (inclusive) end,
 * most significant first, one after another; a value of 0 is none.
 */
interface WordRanges {
  readonly width: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly values: Uint32Array;
}

/** What a place holds when several ranges cover it: values are masks and add up, or the smallest range wins. */
export type Overlap = 'union' | 'narrowest';

/** Stretch i begins at the words of `starts` from `width * i` on, ends before the next and holds `values[i]`. */
interface Stretches {
  readonly starts: Uint32Array;
  readonly values: Uint32Array;
}

/**
 * Ranges over cells, the stretches between neighbouring boundaries: range i covers the cells from `first[i]` up to, not
 * including, `past[i]`, and carries `values[i]`.
 */
interface CellRanges {
  readonly cells: number;
  readonly first: Uint32Array;
  readonly past: Uint32Array;
  readonly values: Uint32Array;
}

/** Sorted, disjoint stretches from the first address on; neighbours differ in value. */
export function* flatten(ranges: WordRanges, overlap: Overlap): Steps<Stretches> {
  const { width } = ranges;
  const places = yield* placesOf(ranges);
  const { placeOfCell, cells } = yield* cellsOf(places, ranges);
  const values =
    overlap === 'union' ? yield* unionOfRanges(cells) : yield* firstOfRanges(cells, yield* narrowestFirst(ranges));
  const changed = yield* changedCells(values);
  const stretches = { starts: yield* longWords(changed.length * width), values: yield* longWords(changed.length) };
  yield* inChunks(changed.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const cell = changed[i] ?? 0;
      const place = (placeOfCell[cell] ?? 0) * width;
      for (let word = 0; word < width; word++) stretches.starts[i * width + word] = places[place + word] ?? 0;
      stretches.values[i] = values[cell] ?? 0;
    }
  });
  return stretches;
}

/** Place 0 is the first address, then come the starts, then what follows the ends: the first address where nothing does. */
function* placesOf({ width, starts, ends, values }: WordRanges): Steps<Uint32Array> {
  const count = values.length;
  const places = yield* longWords((1 + 2 * count) * width);
  const past = (1 + count) * width;
  yield* inChunks(count, (from, to) => {
    for (let i = from * width; i < to * width; i++) {
      places[width + i] = starts[i] ?? 0;
      places[past + i] = ends[i] ?? 0;
    }
    for (let i = from; i < to; i++) addOne(places, past + i * width, width);
  });
  return places;
}

function addOne(words: Uint32Array, at: number, width: number): void {
  for (let word = at + width - 1; word >= at; word--) {
    const sum = ((words[word] ?? 0) + 1) >>> 0;
    words[word] = sum;
    if (sum !== 0) return;
  }
}

function* cellsOf(
  places: Uint32Array,
  { width, values }: WordRanges,
): Steps<{ placeOfCell: Uint32Array; cells: CellRanges }> {
  const count = values.length;
  const order = yield* orderOfKeys({ width, words: places });
  const cellOf = yield* longWords(order.length);
  const placeOfCell = yield* longWords(order.length);
  let cells = 0;
  yield* inChunks(order.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const place = order[i] ?? 0;
      if (i === 0 || !isSame(places, width, [place, order[i - 1] ?? 0])) placeOfCell[cells++] = place;
      cellOf[place] = cells - 1;
    }
  });
  const past = cellOf.subarray(1 + count);
  yield* inChunks(count, (from, to) => {
    // No range ends before the first address: what is past one's end there is past the last.
    for (let i = from; i < to; i++) if (past[i] === 0) past[i] = cells;
  });
  return { placeOfCell, cells: { cells, first: cellOf.subarray(1, 1 + count), past, values } };
}

function isSame(places: Uint32Array, width: number, [one, other]: readonly [number, number]): boolean {
  for (let word = 0; word < width; word++)
    if (places[one * width + word] !== places[other * width + word]) return false;
  return true;
}

/** Values as 32-bit category masks: each cell holds the union of the ranges that cover it. */
function* unionOfRanges({ cells, first, past, values }: CellRanges): Steps<Uint32Array> {
  const result = yield* longWords(cells);
  let used = 0;
  yield* inChunks(values.length, (from, to) => {
    for (let i = from; i < to; i++) used |= values[i] ?? 0;
  });
  for (let bit = 0; bit < 32; bit++) {
    const mask = 1 << bit;
    if ((used & mask) === 0) continue;
    const change = new Int32Array((yield* longWords(cells + 1)).buffer);
    yield* inChunks(values.length, (from, to) => {
      for (let i = from; i < to; i++) {
        if (((values[i] ?? 0) & mask) === 0) continue;
        change[first[i] ?? 0] = (change[first[i] ?? 0] ?? 0) + 1;
        change[past[i] ?? 0] = (change[past[i] ?? 0] ?? 0) - 1;
      }
    });
    let covering = 0;
    yield* inChunks(cells, (from, to) => {
      for (let cell = from; cell < to; cell++) {
        covering += change[cell] ?? 0;
        if (covering > 0) result[cell] = (result[cell] ?? 0) | mask;
      }
    });
  }
  return result;
}

/** Values as payloads: the range that comes first in `order` wins each cell it covers; the others keep the rest. */
function* firstOfRanges({ cells, first, past, values }: CellRanges, order: Uint32Array): Steps<Uint32Array> {
  const result = yield* longWords(cells);
  // next[c] leads to the first cell at or after c that nobody has taken yet.
  const next = yield* longWords(cells + 1);
  yield* inChunks(cells + 1, (from, to) => {
    for (let cell = from; cell < to; cell++) next[cell] = cell;
  });
  let taken = 0;
  for (const i of order) {
    const end = past[i] ?? 0;
    for (let cell = freeFrom(next, first[i] ?? 0); cell < end; cell = freeFrom(next, cell + 1)) {
      result[cell] = values[i] ?? 0;
      next[cell] = cell + 1;
      if (++taken % itemsInStep === 0) yield;
    }
    if (++taken % itemsInStep === 0) yield;
  }
  return result;
}

function freeFrom(next: Uint32Array, cell: number): number {
  let root = cell;
  while ((next[root] ?? 0) !== root) root = next[root] ?? 0;
  for (let at = cell; at !== root; ) {
    const then = next[at] ?? root;
    next[at] = root;
    at = then;
  }
  return root;
}

/** Ranges by how many addresses they hold. */
function* narrowestFirst({ width, starts, ends, values }: WordRanges): Steps<Uint32Array> {
  const sizes = yield* longWords(values.length * width);
  yield* inChunks(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      let borrowed = 0;
      for (let word = (i + 1) * width - 1; word >= i * width; word--) {
        const difference = (ends[word] ?? 0) - (starts[word] ?? 0) - borrowed;
        sizes[word] = difference >>> 0;
        borrowed = difference < 0 ? 1 : 0;
      }
    }
  });
  return yield* orderOfKeys({ width, words: sizes });
}

/** Cells where the value changes, so that neighbours with one value are one stretch. */
function* changedCells(values: Uint32Array): Steps<Uint32Array> {
  const changed = yield* longWords(values.length);
  let count = 0;
  yield* inChunks(values.length, (from, to) => {
    for (let cell = from; cell < to; cell++)
      if (cell === 0 || values[cell] !== values[cell - 1]) changed[count++] = cell;
  });
  return changed.subarray(0, count);
}
