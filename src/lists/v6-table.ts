import { type CellRanges, changedCells, firstOfRanges, type Overlap, unionOfRanges } from './flatten.js';

/** Four 32-bit words, most significant first. */
export type V6Words = readonly [number, number, number, number];

/** Ranges as they come; four words for each start and each (inclusive) end, one after another; a value of 0 is none. */
export interface V6Ranges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly values: Uint32Array;
}

/** Stretches below which no index is made. */
const smallTable = 512;

/** Like V4Table: stretch i begins at the four words from `starts[4 * i]` on. */
export class V6Table {
  /** Of the upper 16 bits. A small table is searched as a whole: an index would cost more than it saves. */
  readonly #index: Uint32Array | undefined;

  /** `starts` is ascending and begins with ::. */
  constructor(
    readonly starts: Uint32Array,
    readonly values: Uint32Array,
  ) {
    this.#index = values.length < smallTable ? undefined : indexOf(starts, values.length);
  }

  static build(ranges: V6Ranges, overlap: Overlap): V6Table {
    const { places, cells } = cellsOf(ranges);
    const values = overlap === 'union' ? unionOfRanges(cells) : firstOfRanges(cells, narrowestFirst(ranges));
    const changed = changedCells(values);
    const starts = new Uint32Array(changed.length * 4);
    for (let i = 0; i < changed.length; i++) {
      const from = (changed[i] ?? 0) * 4;
      starts.set(places.subarray(from, from + 4), i * 4);
    }
    return new V6Table(
      starts,
      changed.map((cell) => values[cell] ?? 0),
    );
  }

  /** The value at the address, 0 when no range holds it. */
  lookup(words: V6Words): number {
    const bucket = words[0] >>> 16;
    let low = this.#index?.[bucket] ?? 0;
    let high = this.#index?.[bucket + 1] ?? this.values.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (isAfter(this.starts, middle, words)) high = middle - 1;
      else low = middle;
    }
    return this.values[low] ?? 0;
  }
}

function indexOf(starts: Uint32Array, length: number): Uint32Array {
  const index = new Uint32Array(65_537);
  let at = 0;
  for (let bucket = 0; bucket < 65_536; bucket++) {
    const words: V6Words = [bucket * 65_536, 0, 0, 0];
    while (at + 1 < length && !isAfter(starts, at + 1, words)) at++;
    index[bucket] = at;
  }
  index[65_536] = length - 1;
  return index;
}

/** Whether entry `index` of `places` is after `words`. */
function isAfter(places: Uint32Array, index: number, words: V6Words): boolean {
  const at = index * 4;
  const a = places[at] ?? 0;
  if (a !== words[0]) return a > words[0];
  const b = places[at + 1] ?? 0;
  if (b !== words[1]) return b > words[1];
  const c = places[at + 2] ?? 0;
  if (c !== words[2]) return c > words[2];
  return (places[at + 3] ?? 0) > words[3];
}

function compare(places: Uint32Array, i: number, j: number): number {
  for (let word = 0; word < 4; word++) {
    const difference = (places[i * 4 + word] ?? 0) - (places[j * 4 + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The address after each end; false in `inside` where there is none. */
function pastEnds(ends: Uint32Array): { places: Uint32Array; inside: boolean[] } {
  const places = ends.slice();
  const inside: boolean[] = [];
  for (let i = 0; i < ends.length / 4; i++) {
    let word = 3;
    while (word >= 0 && places[i * 4 + word] === 0xffffffff) places[i * 4 + word--] = 0;
    inside.push(word >= 0);
    if (word >= 0) places[i * 4 + word] = (places[i * 4 + word] ?? 0) + 1;
  }
  return { places, inside };
}

function cellsOf({ starts, ends, values }: V6Ranges): { places: Uint32Array; cells: CellRanges } {
  const count = values.length;
  const past = pastEnds(ends);
  // Place 0 is ::, then the starts, then what follows the ends.
  const all = new Uint32Array((1 + 2 * count) * 4);
  all.set(starts, 4);
  all.set(past.places, 4 + count * 4);
  const order = Uint32Array.from({ length: 1 + 2 * count }, (_, i) => i).sort((i, j) => compare(all, i, j));
  const rank = new Uint32Array(1 + 2 * count);
  const places = new Uint32Array(all.length);
  let cells = 0;
  for (let i = 0; i < order.length; i++) {
    const place = order[i] ?? 0;
    if (i === 0 || compare(all, place, order[i - 1] ?? 0) !== 0) {
      places.set(all.subarray(place * 4, place * 4 + 4), cells * 4);
      cells++;
    }
    rank[place] = cells - 1;
  }
  const first = rank.slice(1, 1 + count);
  const after = rank.slice(1 + count).map((cell, i) => (past.inside[i] === true ? cell : cells));
  return { places, cells: { cells, first, past: after, values } };
}

function narrowestFirst({ starts, ends, values }: V6Ranges): Uint32Array {
  const size = Float64Array.from(values, (_, i) => {
    let width = 0;
    for (let word = 0; word < 4; word++)
      width = width * 2 ** 32 + (ends[i * 4 + word] ?? 0) - (starts[i * 4 + word] ?? 0);
    return width;
  });
  return Uint32Array.from(values, (_, i) => i).sort((a, b) => (size[a] ?? 0) - (size[b] ?? 0));
}
