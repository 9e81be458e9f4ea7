import type { IpAddress, IpRange } from '../model/ip-address.js';
import type { Overlap } from './flatten.js';
import { V4Table } from './v4-table.js';
import { V6Table, type V6Words } from './v6-table.js';

/** Both families in one table; IPv4 and IPv6 never meet. */
export class AddressTable {
  constructor(
    readonly v4: V4Table,
    readonly v6: V6Table,
  ) {}

  /** The value at the address, 0 when no range holds it. */
  lookup({ version, words }: IpAddress): number {
    return version === 4 ? this.v4.lookup(words[3]) : this.v6.lookup(words);
  }
}

export interface ValuedRange {
  readonly range: IpRange;
  /** A category mask or a payload; 0 is none. */
  readonly value: number;
}

/** `union` = values are masks and overlapping ranges add up; `narrowest` = the smallest range around an address wins. */
export function addressTable(ranges: readonly ValuedRange[], overlap: Overlap): AddressTable {
  const v4 = ranges.filter(({ range }) => range.version === 4);
  const v6 = ranges.filter(({ range }) => range.version === 6);
  return new AddressTable(
    V4Table.build(
      {
        starts: Uint32Array.from(v4, ({ range }) => range.words[3]),
        ends: Uint32Array.from(v4, ({ range }) => lastWords(range)[3]),
        values: Uint32Array.from(v4, ({ value }) => value),
      },
      overlap,
    ),
    V6Table.build(
      {
        starts: Uint32Array.from(v6.flatMap(({ range }) => range.words)),
        ends: Uint32Array.from(v6.flatMap(({ range }) => lastWords(range))),
        values: Uint32Array.from(v6, ({ value }) => value),
      },
      overlap,
    ),
  );
}

const hostMask = (bits: number): number => (bits <= 0 ? 0xffffffff : bits >= 32 ? 0 : 0xffffffff >>> bits);
const lastWord = (word: number, bits: number): number => (word | hostMask(bits)) >>> 0;

/** The last address of a range. */
export function lastWords({ version, words: [a, b, c, d], bits }: IpRange): V6Words {
  if (version === 4) return [0, 0, 0, lastWord(d, bits)];
  return [lastWord(a, bits), lastWord(b, bits - 32), lastWord(c, bits - 64), lastWord(d, bits - 96)];
}
