import type { IndexPlan } from '../../../expression/index-plan.js';
import type { SlotPlan } from '../../../expression/slot-plan.js';
import type { EventType } from '../../../model/event-type.js';
import type { Steps } from '../../../model/steps.js';
import type { RuleProblem } from '../../../ruleset/rule-problem.js';
import type { PlacedRule, RuleSetRecord } from '../../../ruleset/rule-set-record.js';
import type { ListRecord, Piece } from './hand-over.js';

export interface TakenOver {
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
  readonly files: ReadonlyMap<string, string>;
  /** Undefined when there are errors. A list is undefined when its file is the same as before. */
  readonly set:
    | { readonly record: RuleSetRecord; readonly lists: ReadonlyMap<string, ListRecord | undefined> }
    | undefined;
}

/** What was taken over last. */
export interface TakenBefore {
  readonly files: ReadonlyMap<string, string>;
  readonly record: Pick<RuleSetRecord, 'rules' | 'plans'>;
}

export const nothingBefore: TakenBefore = { files: new Map(), record: { rules: [], plans: [] } };

/** Puts together what `piecesOf` took apart. `next` is undefined after the last piece. */
export function* takeOver(next: () => Piece | undefined, before: TakenBefore): Steps<TakenOver> {
  const taking = new Taking(before);
  for (let piece = next(); piece !== undefined; piece = next()) {
    taking.take(piece);
    yield;
  }
  return taking.taken();
}

type Of<Kind extends Piece['kind']> = Extract<Piece, { readonly kind: Kind }>;

class Taking {
  private readonly texts = new Map<string, string[]>();
  private readonly rules: PlacedRule[] = [];
  private readonly plans: [EventType, IndexPlan & { slots: SlotPlan[] }][] = [];
  private readonly lists = new Map<string, ListRecord>();
  private problems: Of<'problems'> | undefined;
  private head: Of<'head'> | undefined;

  constructor(private readonly before: TakenBefore) {}

  take(piece: Piece): void {
    if (piece.kind === 'text') this.addText(piece);
    else if (piece.kind === 'same') this.texts.set(piece.path, [this.before.files.get(piece.path) ?? '']);
    else if (piece.kind === 'rules') this.rules.push(...piece.rules);
    else if (piece.kind === 'known_rules') this.takeAgain(piece);
    else if (piece.kind === 'plan') this.plans.push([piece.type, { ...piece.plan, slots: [] }]);
    else if (piece.kind === 'slot') this.plans.at(-1)?.[1].slots.push(piece.slot);
    else if (piece.kind === 'known_slot') this.takeSlotAgain(piece);
    else if (piece.kind === 'list') this.lists.set(piece.name, piece.list);
    else if (piece.kind === 'head') this.head = piece;
    else this.problems = piece;
  }

  taken(): TakenOver {
    const { errors = [], warnings = [] } = this.problems ?? {};
    const files = new Map(
      [...this.texts].map(([path, parts]) => [path, parts.length === 1 ? (parts[0] ?? '') : parts.join('')]),
    );
    const { rules, plans, head } = this;
    const lists = new Map(head?.lists.map((name) => [name, this.lists.get(name)]));
    const set = head && { record: { ...head.head, rules, plans }, lists };
    return { errors, warnings, files, set };
  }

  private takeAgain({ from, count }: Of<'known_rules'>): void {
    this.rules.push(...this.before.record.rules.slice(from, from + count));
  }

  private takeSlotAgain({ slot }: Of<'known_slot'>): void {
    const [type, plan] = this.plans.at(-1) ?? [];
    const known = this.before.record.plans.find(([other]) => other === type)?.[1];
    const again = known?.slots.find((one) => one.slot === slot);
    if (again === undefined) throw new Error(`slot ${slot} of ${type} was not handed over`);
    plan?.slots.push(again);
  }

  private addText({ path, text }: Of<'text'>): void {
    const known = this.texts.get(path);
    if (known === undefined) this.texts.set(path, [text]);
    else known.push(text);
  }
}
