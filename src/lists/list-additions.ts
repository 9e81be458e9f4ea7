import type { ListKind, NamedList } from '../model/list.js';
import { builtInLists } from './built-in-lists.js';
import type { KeptListEntry } from './list-entries.js';
import { parseListEntry } from './list-entry.js';
import { type AddedToLists, isLiveList, type LiveList, liveList } from './live-list.js';
import { asnList, cidrList, valueList } from './named-lists.js';

type Added = Pick<KeptListEntry, 'list' | 'kind' | 'value'>;

/** Everything that was added to lists; replaced as a whole. */
export class ListAdditions implements AddedToLists {
  private lists: ReadonlyMap<string, NamedList> = new Map();
  /** Built-in lists without a file: the same for every rule set, and an empty table of addresses takes milliseconds. */
  private readonly empty = new Map<string, NamedList>();
  /** Rises with every replacement that touched a list that signals are made with. */
  signalsNumber = 0;

  of(list: string): NamedList | undefined {
    return this.lists.get(list);
  }

  replace(entries: readonly Added[]): void {
    const before = this.lists;
    this.lists = listsOf(entries);
    // What such lists say is remembered by address and by mail domain.
    const touched = [...builtInLists.keys()].some((name) => before.has(name) || this.lists.has(name));
    if (touched) this.signalsNumber += 1;
  }

  /** A rule set's lists, from now on with what was added; built-in lists without a file are there if anything was. */
  follow(lists: ReadonlyMap<string, NamedList>): ReadonlyMap<string, NamedList> {
    for (const list of lists.values()) if (isLiveList(list)) list.follow(this);
    const without = [...builtInLists].filter(([name]) => !lists.has(name));
    return new Map([...lists, ...without.map(([name, kind]) => [name, this.emptyList(name, kind)] as const)]);
  }

  private emptyList(name: string, kind: ListKind): LiveList {
    const empty = this.empty.get(name) ?? listOf(name, kind, []);
    this.empty.set(name, empty);
    const list = liveList(empty);
    list.follow(this);
    return list;
  }
}

function listsOf(entries: readonly Added[]): ReadonlyMap<string, NamedList> {
  const byList = new Map<string, { readonly kind: ListKind; readonly values: string[] }>();
  for (const { list, kind, value } of entries) {
    const known = byList.get(list) ?? { kind, values: [] };
    byList.set(list, known);
    if (known.kind === kind) known.values.push(value);
  }
  return new Map([...byList].map(([name, { kind, values }]) => [name, listOf(name, kind, values)]));
}

function listOf(name: string, kind: ListKind, values: readonly string[]): NamedList {
  const provenance = { name, source: 'added', date: '' };
  const entries = values.flatMap((value) => parseListEntry(value, kind) ?? []);
  if (kind === 'cidr')
    return cidrList(
      provenance,
      entries.flatMap((one) => (one.kind === 'cidr' ? [one.range] : [])),
    );
  if (kind === 'asn')
    return asnList(
      provenance,
      entries.flatMap((one) => (one.kind === 'asn' ? [one.asn] : [])),
    );
  return valueList(
    provenance,
    entries.flatMap((one) => (one.kind === 'value' ? [one.value] : [])),
  );
}
