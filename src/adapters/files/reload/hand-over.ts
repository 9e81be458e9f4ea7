import { serialize } from 'node:v8';
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
  /** The next rules are so many of the last hand-over's, where they were. */
  | { readonly kind: 'known_rules'; readonly from: number; readonly count: number }
  | { readonly kind: 'plan'; readonly type: EventType; readonly plan: Omit<IndexPlan, 'slots'> }
  /** Of the plan before it. */
  | { readonly kind: 'slot'; readonly slot: SlotPlan }
  /** The same as the last hand-over's plan of this type has it. */
  | { readonly kind: 'known_slot'; readonly slot: number };

/** A list; its values stay in the text of its file. */
export interface ListRecord {
  readonly source: string;
  readonly date: string;
  readonly tables: ListTables;
}

/** Characters. */
const textLength = 1 << 17;
const rulesInPiece = 50;

/** What the other side has since the last hand-over that it took. */
export interface HandedOver {
  readonly files: ReadonlyMap<string, string>;
  readonly rules: readonly PlacedRule[];
  /** By type and slot, packed: two are the same when their bytes are. */
  readonly slots: ReadonlyMap<string, Buffer>;
}

export const nothingYet: HandedOver = { files: new Map(), rules: [], slots: new Map() };

/** What the other side will have once it has taken a set. */
export const handedOver = (files: ReadonlyMap<string, string>, { rules, plans }: RuleSetRecord): HandedOver => ({
  files,
  rules,
  slots: new Map(plans.flatMap(([type, plan]) => plan.slots.map((slot) => [slotKey(type, slot), serialize(slot)]))),
});

const slotKey = (type: EventType, { slot }: SlotPlan): string => `${type} ${slot}`;

interface HandOver {
  readonly loaded: LoadedFolder;
  /** Undefined when there are errors. */
  readonly set: { readonly record: RuleSetRecord; readonly now: HandedOver } | undefined;
  readonly lists: ReadLists;
  readonly before: HandedOver;
}

/** Of most saves little more than what they change: whatever the other side has, it takes from there. */
export function* piecesOf({ loaded, set, lists, before }: HandOver): Generator<Piece> {
  const { errors, warnings, files } = loaded;
  yield { kind: 'problems', errors, warnings };
  if (set === undefined) return;
  for (const [path, text] of files) yield* textPieces(path, text, before.files);
  const { rules, plans, ...head } = set.record;
  yield { kind: 'head', head, lists: [...lists.keys()] };
  yield* listPieces(lists, before.files);
  yield* rulePieces(rules, before.rules);
  for (const [type, { slots, ...plan }] of plans) {
    yield { kind: 'plan', type, plan };
    for (const slot of slots) yield slotPiece(slot, slotKey(type, slot), { now: set.now, before });
  }
}

function slotPiece(
  slot: SlotPlan,
  key: string,
  { now, before }: Pick<HandOver, 'before'> & { now: HandedOver },
): Piece {
  const known = before.slots.get(key);
  const isKnown = known !== undefined && now.slots.get(key)?.equals(known) === true;
  return isKnown ? { kind: 'known_slot', slot: slot.slot } : { kind: 'slot', slot };
}

function* rulePieces(rules: readonly PlacedRule[], before: readonly PlacedRule[]): Generator<Piece> {
  const places = new Map(before.map(({ says }, place) => [says, place]));
  const placeOf = ({ says, file, line }: PlacedRule): number | undefined => {
    const place = places.get(says);
    const known = place === undefined ? undefined : before[place];
    return known?.file === file && known.line === line ? place : undefined;
  };
  for (let at = 0; at < rules.length; ) {
    const run = runFrom(rules, at, placeOf);
    if (run.from === undefined) yield { kind: 'rules', rules: rules.slice(at, at + run.count) };
    else yield { kind: 'known_rules', from: run.from, count: run.count };
    at += run.count;
  }
}

/** How many rules from here on follow each other in the last hand-over, or are not in it. */
function runFrom(
  rules: readonly PlacedRule[],
  at: number,
  placeOf: (rule: PlacedRule) => number | undefined,
): { readonly from: number | undefined; readonly count: number } {
  let count = 0;
  let from: number | undefined;
  for (const rule of rules.slice(at, at + rulesInPiece)) {
    const place = placeOf(rule);
    if (count === 0) from = place;
    else if (place !== (from === undefined ? undefined : from + count)) break;
    count++;
  }
  return { from, count };
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
