import type { NamedList } from '../model/list.js';
import { AddressTable } from './address-table.js';
import { AsnTable } from './asn-table.js';
import { normalizeValue } from './list-entry.js';
import { asnListOf, cidrListOf, type ListProvenance, valueListOf } from './named-lists.js';
import { V4Table } from './v4-table.js';
import { V6Table } from './v6-table.js';
import { ValueTable } from './value-table.js';

/** Stretches of addresses, as `V4Table` and `V6Table` have them. */
interface StretchWords {
  readonly starts: Uint32Array;
  readonly values: Uint32Array;
  readonly index: Uint32Array | undefined;
}

/** What a list is made of, as plain data: one thread can hand it to another. Values stay in the file's text. */
export type ListTables =
  | {
      readonly kind: 'value';
      readonly starts: Uint32Array;
      readonly ends: Uint32Array;
      readonly words: Uint32Array;
      readonly size: number;
    }
  | { readonly kind: 'cidr'; readonly v4: StretchWords; readonly v6: StretchWords; readonly size: number }
  | { readonly kind: 'asn'; readonly asns: Uint32Array };

/** The list that the tables were made from; `text` is its file. */
export function listOfTables(provenance: ListProvenance, tables: ListTables, text: string): NamedList {
  if (tables.kind === 'asn') return asnListOf(provenance, new AsnTable(tables.asns));
  if (tables.kind === 'value')
    return valueListOf(provenance, new ValueTable(valuesIn(text, tables), tables.words, tables.size));
  const { v4, v6, size } = tables;
  const table = new AddressTable(
    new V4Table(v4.starts, v4.values, v4.index),
    new V6Table(v6.starts, v6.values, v6.index),
  );
  return cidrListOf(provenance, table, size);
}

/** Values by where they begin and end in a text. */
export const valuesIn = (
  text: string,
  { starts, ends }: { readonly starts: Uint32Array; readonly ends: Uint32Array },
) => ({
  count: starts.length,
  valueAt: (index: number): string => normalizeValue(text.slice(starts[index], ends[index])),
});

/** The same in memory that threads share: handing it over takes no time however long the list is. */
export function sharedTables(tables: ListTables): ListTables {
  if (tables.kind === 'asn') return { ...tables, asns: shared(tables.asns) };
  if (tables.kind === 'cidr') return { ...tables, v4: sharedStretches(tables.v4), v6: sharedStretches(tables.v6) };
  const { starts, ends, words } = tables;
  return { ...tables, starts: shared(starts), ends: shared(ends), words: shared(words) };
}

const sharedStretches = ({ starts, values, index }: StretchWords): StretchWords => ({
  starts: shared(starts),
  values: shared(values),
  index: index && shared(index),
});

function shared(words: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(words.byteLength));
  copy.set(words);
  return copy;
}
