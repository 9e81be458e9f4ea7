import type { Digest } from './digest.js';
import { IntColumn } from './paged-column.js';

const parts = 1024;
const firstSlots = 16;

/**
 * Digests to row numbers, counted from 0 in the order of arrival. Open addressing in many small tables: a table that grows
 * is a thousandth of the whole, so adding never stops anything for long.
 */
export class DigestIndex {
  readonly #tables: (Int32Array | undefined)[] = new Array<Int32Array | undefined>(parts).fill(undefined);
  readonly #used = new Int32Array(parts);
  readonly #high = new IntColumn();
  readonly #low = new IntColumn();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  digest(row: number): Digest {
    return { high: this.#high.get(row), low: this.#low.get(row) };
  }

  /** -1 when it is not there. */
  find({ high, low }: Digest): number {
    const table = this.#tables[high & (parts - 1)];
    return table === undefined ? -1 : (table[this.#slot(table, high, low)] ?? 0) - 1;
  }

  /** The row of a digest that is not there yet. */
  add({ high, low }: Digest): number {
    const row = this.#length++;
    this.#high.set(row, high);
    this.#low.set(row, low);
    const part = high & (parts - 1);
    const table = this.#room(part);
    table[this.#slot(table, high, low)] = row + 1;
    this.#used[part] = (this.#used[part] ?? 0) + 1;
    return row;
  }

  /** A new row for a digest that is there; the old row is found no more. */
  replace(digest: Digest): number {
    const row = this.#length++;
    this.#high.set(row, digest.high);
    this.#low.set(row, digest.low);
    const table = this.#tables[digest.high & (parts - 1)];
    if (table !== undefined) table[this.#slot(table, digest.high, digest.low)] = row + 1;
    return row;
  }

  /** Where it stands, or the free place where it would. */
  #slot(table: Int32Array, high: number, low: number): number {
    const mask = table.length - 1;
    let slot = low & mask;
    for (;;) {
      const row = (table[slot] ?? 0) - 1;
      if (row < 0 || (this.#low.get(row) === low && this.#high.get(row) === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #room(part: number): Int32Array {
    const table = this.#tables[part];
    if (table !== undefined && (this.#used[part] ?? 0) * 4 < table.length * 3) return table;
    const wider = new Int32Array(table === undefined ? firstSlots : table.length * 2);
    this.#tables[part] = wider;
    for (const entry of table ?? [])
      if (entry > 0) wider[this.#slot(wider, this.#high.get(entry - 1), this.#low.get(entry - 1))] = entry;
    return wider;
  }
}
