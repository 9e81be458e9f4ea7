import { finishSteps, type Steps } from '../model/steps.js';
import { bucketIndex } from './bucket-index.js';
import { flatten, type Overlap } from './flatten.js';

/** Ranges as they come: any order, nested, overlapping; `ends` are inclusive; a value of 0 is none. */
interface V4Ranges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly values: Uint32Array;
}

/**
 * Sorted, disjoint stretches of the IPv4 space: stretch i begins at `starts[i]`, ends before `starts[i + 1]` and holds
 * `values[i]`. An index over the upper 16 bits leaves a handful of steps for each look-up.
 */
export class V4Table {
  /** `starts` is ascending and begins with 0. */
  constructor(
    readonly starts: Uint32Array,
    readonly values: Uint32Array,
    readonly index = finishSteps(bucketIndex(starts, 1)),
  ) {}

  static build(ranges: V4Ranges, overlap: Overlap): V4Table {
    return finishSteps(V4Table.buildSteps(ranges, overlap));
  }

  static *buildSteps(ranges: V4Ranges, overlap: Overlap): Steps<V4Table> {
    const { starts, values } = yield* flatten({ width: 1, ...ranges }, overlap);
    return new V4Table(starts, values, yield* bucketIndex(starts, 1));
  }

  /** The value at the address (a 32-bit word), 0 when no range holds it. */
  lookup(word: number): number {
    const bucket = word >>> 16;
    let low = this.index?.[bucket] ?? 0;
    let high = this.index?.[bucket + 1] ?? this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.starts[middle] ?? 0) <= word) low = middle;
      else high = middle - 1;
    }
    return this.values[low] ?? 0;
  }
}
