import { finishSteps, type Steps } from '../model/steps.js';
import { bucketIndex } from './bucket-index.js';
import { flatten, type Overlap } from './flatten.js';

/** Four 32-bit words, most significant first. */
export type V6Words = readonly [number, number, number, number];

/** Ranges as they come; four words for each start and each (inclusive) end, one after another; a value of 0 is none. */
export interface V6Ranges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly values: Uint32Array;
}

/** Like V4Table: stretch i begins at the four words from `starts[4 * i]` on. */
export class V6Table {
  /** `starts` is ascending and begins with ::. */
  constructor(
    readonly starts: Uint32Array,
    readonly values: Uint32Array,
    readonly index = finishSteps(bucketIndex(starts, 4)),
  ) {}

  static build(ranges: V6Ranges, overlap: Overlap): V6Table {
    return finishSteps(V6Table.buildSteps(ranges, overlap));
  }

  static *buildSteps(ranges: V6Ranges, overlap: Overlap): Steps<V6Table> {
    const { starts, values } = yield* flatten({ width: 4, ...ranges }, overlap);
    return new V6Table(starts, values, yield* bucketIndex(starts, 4));
  }

  /** The value at the address, 0 when no range holds it. */
  lookup(words: V6Words): number {
    const bucket = words[0] >>> 16;
    let low = this.index?.[bucket] ?? 0;
    let high = this.index?.[bucket + 1] ?? this.values.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (isAfter(this.starts, middle, words)) high = middle - 1;
      else low = middle;
    }
    return this.values[low] ?? 0;
  }
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
