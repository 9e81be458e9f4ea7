import type { Steps } from '../model/steps.js';
import type { Slots } from '../model/value.js';
import { type Atom, atomKey, atomShare } from './access-atom.js';
import { necessaryAtoms, weighByUse } from './access-predicate.js';
import type { CheckedExpression, Node } from './checked-expression.js';
import { SlotIndex } from './slot-index.js';

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

/** Tells which conditions could be true, so that the others are never evaluated. May name one too many, never one too few. */
export class ConditionIndex {
  private readonly always: number[] = [];
  private readonly slots: SlotIndex[] = [];
  private readonly visited: Uint32Array;
  private visit = 0;

  private constructor(conditions: number) {
    this.visited = new Uint32Array(conditions);
  }

  static *build(conditions: readonly CheckedExpression[]): Steps<ConditionIndex> {
    const built = new ConditionIndex(conditions.length);
    const weigh = weighByUse(yield* countUses(conditions));
    const bySlot = new Map<number, SlotIndex>();
    for (const [condition, { ast }] of conditions.entries()) {
      const atoms = necessaryAtoms(ast, { wanted: true, weigh });
      if (atoms === undefined) built.always.push(condition);
      else for (const atom of atoms) built.indexFor(bySlot, atom.slot).add(atom, condition);
      yield;
    }
    for (const index of built.slots) {
      index.seal();
      yield;
    }
    return built;
  }

  private indexFor(bySlot: Map<number, SlotIndex>, slot: number): SlotIndex {
    const known = bySlot.get(slot);
    if (known !== undefined) return known;
    const index = new SlotIndex(slot);
    bySlot.set(slot, index);
    this.slots.push(index);
    return index;
  }

  /** Each candidate once, in no order. */
  candidates(slots: Slots, onCandidate: (condition: number) => void): void {
    this.visit = (this.visit + 1) >>> 0;
    if (this.visit === 0) {
      this.visited.fill(0);
      this.visit = 1;
    }
    const once = (condition: number): void => {
      if (this.visited[condition] === this.visit) return;
      this.visited[condition] = this.visit;
      onCandidate(condition);
    };
    for (const condition of this.always) onCandidate(condition);
    for (const index of this.slots) index.visit(slots[index.slot], once);
  }
}
