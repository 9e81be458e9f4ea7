import { digestFrom, digestSeed, type Halves } from './fast-hash.js';

const smallest = 1024;
/** More than this share of the places makes searches long. */
const fullest = 0.6;

/**
 * A map from texts to whatever is kept of them that knows the texts by sixty-four bits each, in one typed array: a table of
 * millions of small texts is mostly waiting for memory, and each text is a place of its own. Texts that are alike are as rare as
 * with `fastHash`. What is `undefined` is not there.
 */
export class KeyTable<T> {
  /** Two numbers for each place; both zero where it is free. */
  #digests = new Int32Array(2 * smallest);
  #kept: (T | undefined)[] = new Array<T | undefined>(smallest).fill(undefined);
  /** Places that are taken, those included whose text was deleted. */
  #taken = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): T | undefined {
    return this.#kept[this.#placeOf(digestOf(key))];
  }

  set(key: string, kept: T): void {
    if (this.#taken >= this.#kept.length * fullest) this.#rebuild();
    const digest = digestOf(key);
    const place = this.#placeOf(digest);
    if (this.#digests[2 * place] === 0 && this.#digests[2 * place + 1] === 0) this.#taken++;
    if (this.#kept[place] === undefined) this.#size++;
    this.#digests[2 * place] = digest.one;
    this.#digests[2 * place + 1] = digest.other;
    this.#kept[place] = kept;
  }

  /** Lets go of all that `isOver` says. */
  deleteWhere(isOver: (kept: T) => boolean): void {
    for (let place = 0; place < this.#kept.length; place++) {
      const kept = this.#kept[place];
      if (kept === undefined || !isOver(kept)) continue;
      this.#kept[place] = undefined;
      this.#size--;
    }
  }

  /** Where it is, or the free place where it would be. */
  #placeOf({ one, other }: Halves): number {
    const digests = this.#digests;
    const last = this.#kept.length - 1;
    for (let place = one & last; ; place = (place + 1) & last) {
      const [first, second] = [digests[2 * place], digests[2 * place + 1]];
      if ((first === one && second === other) || (first === 0 && second === 0)) return place;
    }
  }

  /** Without what was deleted, with room for as much again. */
  #rebuild(): void {
    const [digests, kept] = [this.#digests, this.#kept];
    let places = smallest;
    while (places * fullest < this.#size * 1.5 + 1) places *= 2;
    this.#digests = new Int32Array(2 * places);
    this.#kept = new Array<T | undefined>(places).fill(undefined);
    this.#taken = this.#size;
    for (let from = 0; from < kept.length; from++) {
      if (kept[from] === undefined) continue;
      const [one, other] = [digests[2 * from] ?? 0, digests[2 * from + 1] ?? 0];
      const place = this.#placeOf({ one, other });
      this.#digests[2 * place] = one;
      this.#digests[2 * place + 1] = other;
      this.#kept[place] = kept[from];
    }
  }
}

/** Never both zero: that is a free place. */
function digestOf(text: string): Halves {
  const { one, other } = digestFrom(digestSeed, text);
  return { one, other: other === 0 ? 1 : other };
}
