import type { ListKind, NamedList } from '../model/list.js';
import type { Steps } from '../model/steps.js';
import { type AddressTable, AddressTableBuilder } from './address-table.js';
import { AsnTable } from './asn-table.js';
import { parseListEntry } from './list-entry.js';
import { type ListTables, valuesIn } from './list-tables.js';
import { asnListOf, cidrListOf, type ListProvenance, valueListOf } from './named-lists.js';
import { ValueTable } from './value-table.js';
import { WordList } from './word-list.js';

/** A list as its file has it. */
export interface FileList extends NamedList {
  tables(): ListTables;
}

/** Takes a list's entries one by one and makes the list of them in small steps. */
export interface ListBuilder {
  /** `at`: where the entry begins in the file's text. False: it is no entry of that kind. */
  add(entry: string, at: number): boolean;
  build(provenance: ListProvenance): Steps<FileList>;
}

/** Values stay where they are written: a place is two words, a text of its own would be ten times that. */
class ValueListBuilder implements ListBuilder {
  readonly #starts = new WordList();
  readonly #ends = new WordList();

  constructor(private readonly text: string) {}

  add(entry: string, at: number): boolean {
    this.#starts.push(at);
    this.#ends.push(at + entry.length);
    return true;
  }

  *build(provenance: ListProvenance): Steps<FileList> {
    const starts = yield* this.#starts.take();
    const ends = yield* this.#ends.take();
    const table = yield* ValueTable.build(valuesIn(this.text, { starts, ends }));
    const { words, size } = table;
    return { ...valueListOf(provenance, table), tables: () => ({ kind: 'value', starts, ends, words, size }) };
  }
}

class CidrListBuilder implements ListBuilder {
  readonly #table = new AddressTableBuilder();
  #size = 0;

  add(text: string): boolean {
    const entry = parseListEntry(text, 'cidr');
    if (entry?.kind !== 'cidr') return false;
    this.#table.add(entry.range, 1);
    this.#size++;
    return true;
  }

  *build(provenance: ListProvenance): Steps<FileList> {
    const table = yield* this.#table.build('union');
    const size = this.#size;
    return { ...cidrListOf(provenance, table, size), tables: () => ({ kind: 'cidr', ...wordsOf(table), size }) };
  }
}

class AsnListBuilder implements ListBuilder {
  readonly #asns = new WordList();

  add(text: string): boolean {
    const entry = parseListEntry(text, 'asn');
    if (entry?.kind !== 'asn') return false;
    this.#asns.push(entry.asn);
    return true;
  }

  *build(provenance: ListProvenance): Steps<FileList> {
    const table = yield* AsnTable.build(yield* this.#asns.take());
    return { ...asnListOf(provenance, table), tables: () => ({ kind: 'asn', asns: table.asns }) };
  }
}

const wordsOf = ({ v4, v6 }: AddressTable) => ({
  v4: { starts: v4.starts, values: v4.values, index: v4.index },
  v6: { starts: v6.starts, values: v6.values, index: v6.index },
});

/** By what a list holds; `text` is the whole file. */
export const listBuilders: Readonly<Record<ListKind, (text: string) => ListBuilder>> = {
  value: (text) => new ValueListBuilder(text),
  cidr: () => new CidrListBuilder(),
  asn: () => new AsnListBuilder(),
};
