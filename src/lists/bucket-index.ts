import { inChunks, type Steps } from '../model/steps.js';

/** Stretches below which no index is made: a small table is searched as a whole, an index would cost more than it saves. */
const smallTable = 512;
const buckets = 65_536;

/**
 * By the upper 16 bits of an address: its stretch is neither before `index[bucket]` nor after `index[bucket + 1]`. `starts`
 * is ascending, `width` words each.
 */
export function* bucketIndex(starts: Uint32Array, width: number): Steps<Uint32Array | undefined> {
  const count = starts.length / width;
  if (count < smallTable) return undefined;
  const index = new Uint32Array(buckets + 1);
  // First how many begin in each bucket, then the last that begins before it.
  yield* inChunks(count, (from, to) => {
    for (let i = from; i < to; i++) {
      const bucket = (starts[i * width] ?? 0) >>> 16;
      index[bucket + 1] = (index[bucket + 1] ?? 0) + 1;
    }
  });
  let before = 0;
  for (let bucket = 0; bucket <= buckets; bucket++) {
    before += index[bucket] ?? 0;
    index[bucket] = Math.max(0, before - 1);
  }
  return index;
}
