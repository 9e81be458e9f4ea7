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

/** Puts together what `piecesOf` took apart. `next` is undefined after the last piece; `before` are the files of last time. */
export function* takeOver(next: () => Piece | undefined, before: ReadonlyMap<string, string>): Steps<TakenOver> {
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

  constructor(private readonly before: ReadonlyMap<string, string>) {}

  take(piece: Piece): void {
    if (piece.kind === 'text') this.addText(piece);
    else if (piece.kind === 'same') this.texts.set(piece.path, [this.before.get(piece.path) ?? '']);
    else if (piece.kind === 'rules') this.rules.push(...piece.rules);
    else if (piece.kind === 'plan') this.plans.push([piece.type, { ...piece.plan, slots: [] }]);
    else if (piece.kind === 'slot') this.plans.at(-1)?.[1].slots.push(piece.slot);
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

  private addText({ path, text }: Of<'text'>): void {
    const known = this.texts.get(path);
    if (known === undefined) this.texts.set(path, [text]);
    else known.push(text);
  }
}
