import type { IndexPlan } from '../../../expression/index-plan.js';
import type { SlotPlan } from '../../../expression/slot-plan.js';
import type { EventType } from '../../../model/event-type.js';
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
  | { readonly kind: 'rules'; readonly rules: readonly PlacedRule[] }
  | { readonly kind: 'plan'; readonly type: EventType; readonly plan: Omit<IndexPlan, 'slots'> }
  /** Of the plan before it. */
  | { readonly kind: 'slot'; readonly slot: SlotPlan };

/** Characters. */
const textLength = 1 << 17;
const rulesInPiece = 50;

export interface HandOver {
  readonly loaded: LoadedFolder;
  readonly record: RuleSetRecord | undefined;
  /** Files that the other side has already. */
  readonly before: ReadonlyMap<string, string>;
}

export function* piecesOf({ loaded, record, before }: HandOver): Generator<Piece> {
  const { errors, warnings, files, ruleSet } = loaded;
  yield { kind: 'problems', errors, warnings };
  if (record === undefined) return;
  for (const [path, text] of files) yield* textPieces(path, text, before);
  const { rules, plans, ...head } = record;
  yield { kind: 'head', head, lists: [...(ruleSet?.lists.keys() ?? [])] };
  for (let at = 0; at < rules.length; at += rulesInPiece)
    yield { kind: 'rules', rules: rules.slice(at, at + rulesInPiece) };
  for (const [type, { slots, ...plan }] of plans) {
    yield { kind: 'plan', type, plan };
    for (const slot of slots) yield { kind: 'slot', slot };
  }
}

function* textPieces(path: string, text: string, before: ReadonlyMap<string, string>): Generator<Piece> {
  if (before.get(path) === text) {
    yield { kind: 'same', path };
    return;
  }
  for (let at = 0; at === 0 || at < text.length; at += textLength)
    yield { kind: 'text', path, text: text.slice(at, at + textLength) };
}
