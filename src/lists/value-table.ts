import type { Steps } from '../model/steps.js';
import { longWords } from './long-words.js';

/** What the table is made of; asked for again at each look-up that may be a hit, so that nothing is kept twice. */
interface ValueSource {
  readonly count: number;
  readonly valueAt: (index: number) => string;
}

/** Values between two pauses: some tenths of a millisecond. */
const valuesInStep = 256;

/**
 * A set of texts. A Set of a million moves everything at once whenever it has grown, which holds everybody up; this one has
 * its size from the beginning. Two words for each place: the number of the value from 1 (0: nobody's), and its hash.
 */
export class ValueTable {
  readonly #source: ValueSource;
  #size: number;

  /** `words` and `size` are those of a table that was built of the same source, or zeros. */
  constructor(
    source: ValueSource,
    readonly words: Uint32Array,
    size: number,
  ) {
    this.#source = source;
    this.#size = size;
  }

  static *build(source: ValueSource): Steps<ValueTable> {
    const table = new ValueTable(source, yield* longWords(2 * placesFor(source.count)), 0);
    for (let index = 0; index < source.count; index++) {
      if (index % valuesInStep === 0) yield;
      table.#add(index);
    }
    return table;
  }

  /** How many different ones. */
  get size(): number {
    return this.#size;
  }

  has(value: string): boolean {
    return this.words[this.#placeOf(value, hashOf(value))] !== 0;
  }

  #add(index: number): void {
    const value = this.#source.valueAt(index);
    const hash = hashOf(value);
    const at = this.#placeOf(value, hash);
    if (this.words[at] !== 0) return;
    this.words[at] = index + 1;
    this.words[at + 1] = hash;
    this.#size++;
  }

  /** Where the value stands, or the empty place where it would. */
  #placeOf(value: string, hash: number): number {
    const last = this.words.length - 1;
    for (let at = (hash * 2) & last; ; at = (at + 2) & last) {
      const number = this.words[at] ?? 0;
      if (number === 0 || (this.words[at + 1] === hash && this.#source.valueAt(number - 1) === value)) return at;
    }
  }
}

/** A power of two of which at most three quarters are taken. */
function placesFor(count: number): number {
  let places = 4;
  while (places * 3 < count * 4) places *= 2;
  return places;
}

/** FNV-1a with the mixing at the end of MurmurHash3, so that neighbours in name are none in the table. */
function hashOf(value: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
