import type { Digest } from './digest.js';
import { IntRecords } from './paged-column.js';

const parts = 1024;
const firstSlots = 16;

/**
 * Digests to row numbers, counted from 0 in the order of arrival. Open addressing in many small tables: a table that grows
 * is a thousandth of the whole, so adding never stops anything for long.
 */
export class DigestIndex {
  /** Pairs of a row, one more than it is, and the low half of its digest. */
  readonly #tables: (Int32Array | undefined)[] = new Array<Int32Array | undefined>(parts).fill(undefined);
  readonly #used = new Int32Array(parts);
  readonly #halves = new IntRecords(2);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  digest(row: number): Digest {
    return { high: this.#halves.get(row, 0), low: this.#halves.get(row, 1) };
  }

  /** -1 when it is not there. */
  find(digest: Digest): number {
    const table = this.#tables[digest.high & (parts - 1)];
    return table === undefined ? -1 : (table[this.#place(table, digest)] ?? 0) - 1;
  }

  /** The row of a digest that is not there yet. */
  add(digest: Digest): number {
    const part = digest.high & (parts - 1);
    const row = this.#put(this.#room(part), digest);
    this.#used[part] = (this.#used[part] ?? 0) + 1;
    return row;
  }

  /** A new row for a digest that is there; the old row is found no more. */
  replace(digest: Digest): number {
    return this.#put(this.#room(digest.high & (parts - 1)), digest);
  }

  #put(table: Int32Array, digest: Digest): number {
    const row = this.#length++;
    this.#halves.set(row, 0, digest.high);
    this.#halves.set(row, 1, digest.low);
    const place = this.#place(table, digest);
    table[place] = row + 1;
    table[place + 1] = digest.low;
    return row;
  }

  /** Where it stands, or the free place where it would. */
  #place(table: Int32Array, { high, low }: Digest): number {
    const mask = table.length - 2;
    let place = (low << 1) & mask;
    for (;;) {
      const row = (table[place] ?? 0) - 1;
      if (row < 0 || (table[place + 1] === low && this.#halves.get(row, 0) === high)) return place;
      place = (place + 2) & mask;
    }
  }

  #room(part: number): Int32Array {
    const table = this.#tables[part];
    if (table !== undefined && (this.#used[part] ?? 0) * 3 < table.length) return table;
    const wider = new Int32Array(table === undefined ? firstSlots * 2 : table.length * 2);
    const mask = wider.length - 2;
    this.#tables[part] = wider;
    for (let place = 0; table !== undefined && place < table.length; place += 2) {
      const row = (table[place] ?? 0) - 1;
      if (row < 0) continue;
      // All of them differ: the half that stands beside the row says enough.
      const low = table[place + 1] ?? 0;
      let free = (low << 1) & mask;
      while (wider[free] !== 0) free = (free + 2) & mask;
      wider[free] = row + 1;
      wider[free + 1] = low;
    }
    return wider;
  }
}
