import type { ScopeList } from '../model/expression-scope.js';
import type { Steps } from '../model/steps.js';
import { type Atom, atomKey, atomShare } from './access-atom.js';
import { necessaryAtoms, weighByUse } from './access-predicate.js';
import type { CheckedExpression, Node } from './checked-expression.js';
import { type SlotPlan, SlotPlanner } from './slot-plan.js';

/** What conditions are looked up by: plain data, which one thread can work out for another. */
export interface IndexPlan {
  /** How many there are. */
  readonly conditions: number;
  /** Those that nothing can be looked up for. */
  readonly always: readonly number[];
  readonly slots: readonly SlotPlan[];
}

/** Kept, because a rule set that is loaded again asks the same of most of its conditions. */
const askedOf = new WeakMap<Node, readonly string[]>();

/** The keys of all atoms that a condition could be looked up by. */
function atomsAsked(ast: Node): readonly string[] {
  const known = askedOf.get(ast);
  if (known !== undefined) return known;
  const keys: string[] = [];
  const note = (atom: Atom): number => {
    keys.push(atomKey(atom));
    return atomShare(atom);
  };
  necessaryAtoms(ast, { wanted: true, weigh: note });
  askedOf.set(ast, keys);
  return keys;
}

/** How many conditions could be looked up by each atom. */
function* countUses(conditions: readonly CheckedExpression[]): Steps<(atom: Atom) => number> {
  const uses = new Map<string, number>();
  for (const { ast } of conditions) {
    for (const key of atomsAsked(ast)) uses.set(key, (uses.get(key) ?? 0) + 1);
    yield;
  }
  return (atom) => uses.get(atomKey(atom)) ?? 1;
}

interface PlannedIndex {
  readonly plan: IndexPlan;
  /** Those that the plan names. */
  readonly lists: ReadonlyMap<string, ScopeList>;
}

export function* planIndex(conditions: readonly CheckedExpression[]): Steps<PlannedIndex> {
  const weigh = weighByUse(yield* countUses(conditions));
  const always: number[] = [];
  const lists = new Map<string, ScopeList>();
  const bySlot = new Map<number, SlotPlanner>();
  for (const [condition, { ast }] of conditions.entries()) {
    const atoms = necessaryAtoms(ast, { wanted: true, weigh });
    if (atoms === undefined) always.push(condition);
    for (const atom of atoms ?? []) {
      if (atom.kind === 'listed') lists.set(atom.list.name, atom.list);
      plannerFor(bySlot, atom.slot).add(atom, condition);
    }
    yield;
  }
  const slots: SlotPlan[] = [];
  for (const planner of bySlot.values()) {
    slots.push(planner.plan());
    yield;
  }
  return { plan: { conditions: conditions.length, always, slots }, lists };
}

function plannerFor(bySlot: Map<number, SlotPlanner>, slot: number): SlotPlanner {
  const known = bySlot.get(slot);
  if (known !== undefined) return known;
  const planner = new SlotPlanner(slot);
  bySlot.set(slot, planner);
  return planner;
}
