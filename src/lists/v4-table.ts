import { type CellRanges, changedCells, firstOfRanges, type Overlap, unionOfRanges } from './flatten.js';

/** Ranges as they come: any order, nested, overlapping; `ends` are inclusive; a value of 0 is none. */
export interface V4Ranges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly values: Uint32Array;
}

/** Stretches below which no index is made. */
const smallTable = 512;

function indexOf(starts: Uint32Array): Uint32Array {
  const index = new Uint32Array(65_537);
  let at = 0;
  for (let bucket = 0; bucket < 65_536; bucket++) {
    const begin = bucket * 65_536;
    while (at + 1 < starts.length && (starts[at + 1] ?? 0) <= begin) at++;
    index[bucket] = at;
  }
  index[65_536] = starts.length - 1;
  return index;
}

/**
 * Sorted, disjoint stretches of the IPv4 space: stretch i begins at `starts[i]`, ends before `starts[i + 1]` and holds
 * `values[i]`. An index over the upper 16 bits leaves a handful of steps for each look-up.
 */
export class V4Table {
  /** Of the upper 16 bits. A small table is searched as a whole: an index would cost more than it saves. */
  readonly #index: Uint32Array | undefined;

  /** `starts` is ascending and begins with 0. */
  constructor(
    readonly starts: Uint32Array,
    readonly values: Uint32Array,
  ) {
    this.#index = starts.length < smallTable ? undefined : indexOf(starts);
  }

  static build(ranges: V4Ranges, overlap: Overlap): V4Table {
    const boundaries = boundariesOf(ranges);
    const cells = cellsOf(ranges, boundaries);
    const values = overlap === 'union' ? unionOfRanges(cells) : firstOfRanges(cells, narrowestFirst(ranges));
    const changed = changedCells(values);
    return new V4Table(
      changed.map((cell) => boundaries[cell] ?? 0),
      changed.map((cell) => values[cell] ?? 0),
    );
  }

  /** The value at the address (a 32-bit word), 0 when no range holds it. */
  lookup(word: number): number {
    const bucket = word >>> 16;
    let low = this.#index?.[bucket] ?? 0;
    let high = this.#index?.[bucket + 1] ?? this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.starts[middle] ?? 0) <= word) low = middle;
      else high = middle - 1;
    }
    return this.values[low] ?? 0;
  }
}

/** Every place where a range begins or is over, ascending and once; 0 is always one. */
function boundariesOf({ starts, ends }: V4Ranges): Float64Array {
  const all = new Float64Array(starts.length * 2 + 1);
  all.set(starts, 1);
  for (let i = 0; i < ends.length; i++) all[starts.length + 1 + i] = (ends[i] ?? 0) + 1;
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) {
    const place = all[i] ?? 0;
    if (place < 2 ** 32 && (i === 0 || place !== all[i - 1])) all[count++] = place;
  }
  return all.slice(0, count);
}

function cellsOf({ starts, ends, values }: V4Ranges, boundaries: Float64Array): CellRanges {
  const rank = (place: number): number => {
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((boundaries[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const first = starts.map(rank);
  const past = ends.map((end) => rank(end + 1));
  return { cells: boundaries.length, first, past, values };
}

function narrowestFirst({ starts, ends }: V4Ranges): Uint32Array {
  const size = Float64Array.from(starts, (start, i) => (ends[i] ?? 0) - start);
  return Uint32Array.from(starts, (_, i) => i).sort((a, b) => (size[a] ?? 0) - (size[b] ?? 0));
}
