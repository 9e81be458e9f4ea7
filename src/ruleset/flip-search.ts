import type { InputInfo } from '../model/expression-scope.js';
import { isKnown, type Slots, type Value } from '../model/value.js';
import { type Truth, truthOf } from './condition-tree.js';
import { FlipCandidates } from './flip-candidates.js';
import type { RuleTrial } from './rule-trial.js';

/** The inputs with some of them changed, and how the parts of the condition come out then. */
export interface Changed {
  readonly slots: Slots;
  readonly truths: readonly Truth[];
}

/** Tries changes of inputs on one rule; only the parts of the condition that read what was changed are evaluated again. */
export class FlipSearch {
  readonly start: Changed;
  readonly #fires: boolean;
  readonly #candidates: FlipCandidates;
  readonly #leavesOf = new Map<number, readonly number[]>();

  constructor(
    private readonly trial: RuleTrial,
    slots: Slots,
  ) {
    this.start = { slots, truths: trial.tree.truths(slots) };
    this.#fires = trial.result(slots) === 'fires';
    this.#candidates = new FlipCandidates(trial);
    for (const { slot } of trial.inputs())
      this.#leavesOf.set(
        slot,
        trial.tree.leaves.flatMap(({ reads }, index) => (reads.some((info) => info.slot === slot) ? [index] : [])),
      );
  }

  readingOf({ slot }: InputInfo): Value | null {
    const reading = this.start.slots[slot];
    return isKnown(reading) ? reading : null;
  }

  change({ slots, truths }: Changed, { slot }: InputInfo, value: Value | undefined): Changed {
    const changed = slots.with(slot, value);
    const after = [...truths];
    for (const index of this.#leavesOf.get(slot) ?? []) {
      const leaf = this.trial.tree.leaves[index];
      if (leaf !== undefined) after[index] = truthOf(leaf.compiled, changed);
    }
    return { slots: changed, truths: after };
  }

  turns({ slots, truths }: Changed): boolean {
    return (this.trial.resultWith(truths, slots) === 'fires') !== this.#fires;
  }

  /** How many parts of the rule are still in the way; 0 = it has turned. */
  distance(changed: Changed): number {
    const distance = this.trial.tree.distance(changed.truths, !this.#fires);
    // The points may be unknown, or an exception may hold.
    return distance === 0 && !this.turns(changed) ? 0.5 : distance;
  }

  /** Values worth trying, nearest first: of those that make no difference from each other, one. */
  candidates(info: InputInfo): readonly Value[] {
    const all = this.#candidates.of(info, this.readingOf(info));
    if (this.isTangled(info)) return all;
    const seen = new Set<string>();
    return all.filter((value) => {
      const { slots, truths } = this.change(this.start, info, value);
      const signature = `${truths.join()} ${this.trial.outside(slots).join()}`;
      return seen.size < seen.add(signature).size;
    });
  }

  /** Shares a part of the rule with an input that has no value: nothing shows before both have one. */
  private isTangled(info: InputInfo): boolean {
    return [...this.together(info)].some((slot) => !isKnown(this.start.slots[slot]));
  }

  /** Inputs that one part of the condition, or the points, read together with this one. */
  together({ slot }: InputInfo): ReadonlySet<number> {
    const leaves = (this.#leavesOf.get(slot) ?? []).flatMap((index) => this.trial.tree.leaves[index] ?? []);
    const points = this.trial.declaration.points.reads;
    const parts = [...leaves.map(({ reads }) => reads), ...(points.some((info) => info.slot === slot) ? [points] : [])];
    return new Set(parts.flatMap((reads) => reads.map((info) => info.slot)).filter((other) => other !== slot));
  }
}
