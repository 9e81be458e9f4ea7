import { inChunks, type Steps } from '../model/steps.js';
import { longWords } from './long-words.js';

/** Keys of `width` words each, the most significant word first, one key after another. */
interface Keys {
  readonly width: number;
  readonly words: Uint32Array;
}

const bytesInWord = 4;
const byteValues = 256;

/**
 * The keys' numbers in ascending order of the keys; equal ones stay in the order in which they came. One pass for each byte
 * in which keys differ at all, so that the work is bounded by the number of keys whatever they are.
 */
export function* orderOfKeys({ width, words }: Keys): Steps<Uint32Array> {
  const count = words.length / width;
  const counts = yield* countBytes({ width, words });
  let order = yield* longWords(count);
  let next = yield* longWords(count);
  yield* inChunks(count, (from, to) => {
    for (let i = from; i < to; i++) order[i] = i;
  });
  for (let byte = width * bytesInWord - 1; byte >= 0; byte--) {
    const places = placesOf(counts.subarray(byte * byteValues, (byte + 1) * byteValues), count);
    if (places === undefined) continue;
    const word = byte >>> 2;
    const shift = 24 - 8 * (byte & 3);
    const [read, write] = [order, next];
    yield* inChunks(count, (from, to) => {
      for (let i = from; i < to; i++) {
        const key = read[i] ?? 0;
        const value = ((words[key * width + word] ?? 0) >>> shift) & 255;
        const place = places[value] ?? 0;
        places[value] = place + 1;
        write[place] = key;
      }
    });
    [order, next] = [next, order];
  }
  return order;
}

/** How often each byte holds each value; byte 0 is the most significant. */
function* countBytes({ width, words }: Keys): Steps<Uint32Array> {
  const counts = new Uint32Array(width * bytesInWord * byteValues);
  yield* inChunks(words.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const word = words[i] ?? 0;
      const first = (i % width) * bytesInWord * byteValues;
      add(counts, first + (word >>> 24));
      add(counts, first + byteValues + ((word >>> 16) & 255));
      add(counts, first + 2 * byteValues + ((word >>> 8) & 255));
      add(counts, first + 3 * byteValues + (word & 255));
    }
  });
  return counts;
}

function add(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

/** Where the first key with each value goes; undefined when all have the same. */
function placesOf(counts: Uint32Array, all: number): Uint32Array | undefined {
  const places = new Uint32Array(counts.length);
  let before = 0;
  for (let value = 0; value < counts.length; value++) {
    const count = counts[value] ?? 0;
    if (count === all) return undefined;
    places[value] = before;
    before += count;
  }
  return places;
}
