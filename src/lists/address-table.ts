import type { IpAddress, IpRange } from '../model/ip-address.js';
import { finishSteps, type Steps } from '../model/steps.js';
import type { Overlap } from './flatten.js';
import { V4Table } from './v4-table.js';
import { type V6Ranges, V6Table, type V6Words } from './v6-table.js';
import { WordList } from './word-list.js';

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

/** Takes ranges one by one and makes a table of them in small steps. */
export class AddressTableBuilder {
  readonly #v4 = new RangeWords();
  readonly #v6 = new RangeWords();

  add(range: IpRange, value: number): void {
    if (range.version === 4) this.#v4.add([range.words[3]], [lastWords(range)[3]], value);
    else this.#v6.add(range.words, lastWords(range), value);
  }

  *build(overlap: Overlap): Steps<AddressTable> {
    const v4 = yield* V4Table.buildSteps(yield* this.#v4.take(), overlap);
    return new AddressTable(v4, yield* V6Table.buildSteps(yield* this.#v6.take(), overlap));
  }
}

class RangeWords {
  readonly #starts = new WordList();
  readonly #ends = new WordList();
  readonly #values = new WordList();

  add(start: readonly number[], end: readonly number[], value: number): void {
    for (const word of start) this.#starts.push(word);
    for (const word of end) this.#ends.push(word);
    this.#values.push(value);
  }

  *take(): Steps<V6Ranges> {
    return { starts: yield* this.#starts.take(), ends: yield* this.#ends.take(), values: yield* this.#values.take() };
  }
}

/** `union` = values are masks and overlapping ranges add up; `narrowest` = the smallest range around an address wins. */
export function addressTable(ranges: readonly ValuedRange[], overlap: Overlap): AddressTable {
  const builder = new AddressTableBuilder();
  for (const { range, value } of ranges) builder.add(range, value);
  return finishSteps(builder.build(overlap));
}

const hostMask = (bits: number): number => (bits <= 0 ? 0xffffffff : bits >= 32 ? 0 : 0xffffffff >>> bits);
const lastWord = (word: number, bits: number): number => (word | hostMask(bits)) >>> 0;

/** The last address of a range. */
export function lastWords({ version, words: [a, b, c, d], bits }: IpRange): V6Words {
  if (version === 4) return [0, 0, 0, lastWord(d, bits)];
  return [lastWord(a, bits), lastWord(b, bits - 32), lastWord(c, bits - 64), lastWord(d, bits - 96)];
}
