import { inChunks, type Steps } from '../model/steps.js';
import { longWords } from './long-words.js';
import { orderOfKeys } from './order-of-keys.js';

/** A set of numbers of 32 bits, in ascending order. */
export class AsnTable {
  /** `asns` is ascending, each once. */
  constructor(readonly asns: Uint32Array) {}

  static *build(given: Uint32Array): Steps<AsnTable> {
    const order = yield* orderOfKeys({ width: 1, words: given });
    const asns = yield* longWords(given.length);
    let size = 0;
    yield* inChunks(order.length, (from, to) => {
      for (let i = from; i < to; i++) {
        const asn = given[order[i] ?? 0] ?? 0;
        if (size === 0 || asns[size - 1] !== asn) asns[size++] = asn;
      }
    });
    return new AsnTable(asns.subarray(0, size));
  }

  /** How many different ones. */
  get size(): number {
    return this.asns.length;
  }

  has(asn: number): boolean {
    let low = 0;
    let high = this.asns.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.asns[middle] ?? 0;
      if (found === asn) return true;
      if (found < asn) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}
