import { listOfTables } from '../../../lists/list-tables.js';
import { liveList } from '../../../lists/live-list.js';
import type { NamedList } from '../../../model/list.js';
import type { ReadLists } from '../../../ruleset/read-list-files.js';
import { listFile } from './hand-over.js';
import type { TakenOver } from './take-over.js';

/** A list, and the text of its file. */
export type TakenLists = ReadonlyMap<string, { readonly text: string; readonly list: NamedList }>;

export const listsRead = (lists: ReadLists): TakenLists =>
  new Map([...lists].flatMap(([name, { text, list }]) => (list === undefined ? [] : [[name, { text, list }]])));

/** The lists of a set that was taken over; those whose files are the same as `before` are the same lists again. */
export function takeLists({ files, set }: TakenOver, before: TakenLists): TakenLists {
  const lists = new Map<string, { text: string; list: NamedList }>();
  for (const [name, record] of set?.lists ?? []) {
    const text = files.get(listFile(name)) ?? '';
    const known = before.get(name);
    if (known?.text === text) lists.set(name, known);
    else if (record === undefined) throw new Error(`the list '${name}' was not handed over`);
    else
      lists.set(name, {
        text,
        list: liveList(listOfTables({ name, source: record.source, date: record.date }, record.tables, text)),
      });
  }
  return lists;
}
