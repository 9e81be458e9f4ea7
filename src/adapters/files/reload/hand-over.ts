import type { IndexPlan } from '../../../expression/index-plan.js';
import type { SlotPlan } from '../../../expression/slot-plan.js';
import { type ListTables, sharedTables } from '../../../lists/list-tables.js';
import type { EventType } from '../../../model/event-type.js';
import type { ReadLists } from '../../../ruleset/read-list-files.js';
import type { RuleProblem } from '../../../ruleset/rule-problem.js';
import type { PlacedRule, RuleSetRecord } from '../../../ruleset/rule-set-record.js';
import type { LoadedFolder } from '../open-rules.js';

type Head = Omit<RuleSetRecord, 'rules' | 'plans'>;

/** A loaded folder goes from thread to thread in pieces that take some tenths of a millisecond each. */
export type Piece =
  | { readonly kind: 'problems'; readonly errors: readonly RuleProblem[]; readonly warnings: readonly RuleProblem[] }
  | { readonly kind: 'head'; readonly head: Head; readonly lists: readonly string[] }
  /** The file is the same as in the last hand-over. */
  | { readonly kind: 'same'; readonly path: string }
  /** A file, or the next part of it. */
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'list'; readonly name: string; readonly list: ListRecord }
  | { readonly kind: 'rules'; readonly rules: readonly PlacedRule[] }
  | { readonly kind: 'plan'; readonly type: EventType; readonly plan: Omit<IndexPlan, 'slots'> }
  /** Of the plan before it. */
  | { readonly kind: 'slot'; readonly slot: SlotPlan };

/** A list; its values stay in the text of its file. */
export interface ListRecord {
  readonly source: string;
  readonly date: string;
  readonly tables: ListTables;
}

/** Characters. */
const textLength = 1 << 17;
const rulesInPiece = 50;

export interface HandOver {
  readonly loaded: LoadedFolder;
  readonly record: RuleSetRecord | undefined;
  readonly lists: ReadLists;
  /** Files that the other side has already. */
  readonly before: ReadonlyMap<string, string>;
}

export function* piecesOf({ loaded, record, lists, before }: HandOver): Generator<Piece> {
  const { errors, warnings, files } = loaded;
  yield { kind: 'problems', errors, warnings };
  if (record === undefined) return;
  for (const [path, text] of files) yield* textPieces(path, text, before);
  const { rules, plans, ...head } = record;
  yield { kind: 'head', head, lists: [...lists.keys()] };
  yield* listPieces(lists, before);
  for (let at = 0; at < rules.length; at += rulesInPiece)
    yield { kind: 'rules', rules: rules.slice(at, at + rulesInPiece) };
  for (const [type, { slots, ...plan }] of plans) {
    yield { kind: 'plan', type, plan };
    for (const slot of slots) yield { kind: 'slot', slot };
  }
}

/** A list is as its file is: that of a file which the other side has, it has, too. */
function* listPieces(lists: ReadLists, before: ReadonlyMap<string, string>): Generator<Piece> {
  for (const [name, { list, tables, text }] of lists) {
    if (list === undefined || tables === undefined || before.get(listFile(name)) === text) continue;
    const { source, date } = list;
    yield { kind: 'list', name, list: { source, date, tables: sharedTables(tables()) } };
  }
}

export const listFile = (name: string): string => `lists/${name}.txt`;

function* textPieces(path: string, text: string, before: ReadonlyMap<string, string>): Generator<Piece> {
  if (before.get(path) === text) {
    yield { kind: 'same', path };
    return;
  }
  for (let at = 0; at === 0 || at < text.length; at += textLength)
    yield { kind: 'text', path, text: text.slice(at, at + textLength) };
}
