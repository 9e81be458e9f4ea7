import type { InputInfo } from '../model/expression-scope.js';
import { isKnown, type Reading, type Slots, type Value } from '../model/value.js';
import { type Truth, truthOf } from './condition-tree.js';
import { FlipCandidates, withBeside } from './flip-candidates.js';
import type { RoomOf } from './lints/prove.js';
import type { RuleTrial } from './rule-trial.js';

/** Some inputs changed, and how the parts of the condition come out then. */
export interface Changed {
  readonly changes: readonly (readonly [slot: number, reading: Reading])[];
  readonly truths: readonly Truth[];
}

/** Tries changes of inputs on one rule; only the parts of the condition that read what was changed are evaluated again. */
export class FlipSearch {
  readonly start: Changed;
  readonly #fires: boolean;
  readonly #candidates: FlipCandidates;
  readonly #leavesOf = new Map<number, readonly number[]>();
  readonly #together = new Map<number, ReadonlySet<number>>();
  /** Changed in place and put back: copying all inputs was most of the cost. */
  readonly #scratch: Slots;

  constructor(
    private readonly trial: RuleTrial,
    private readonly slots: Slots,
    private readonly roomOf: RoomOf,
  ) {
    this.#scratch = [...slots];
    this.start = { changes: [], truths: trial.tree.truths(slots) };
    this.#fires = trial.result(slots) === 'fires';
    this.#candidates = new FlipCandidates(trial);
    for (const { slot } of trial.inputs())
      this.#leavesOf.set(
        slot,
        trial.tree.leaves.flatMap(({ reads }, index) => (reads.some((info) => info.slot === slot) ? [index] : [])),
      );
  }

  readingOf({ slot }: InputInfo): Value | null {
    const reading = this.slots[slot];
    return isKnown(reading) ? reading : null;
  }

  change({ changes, truths }: Changed, { slot }: InputInfo, reading: Reading): Changed {
    const more: Changed['changes'] = [...changes, [slot, reading]];
    const after = [...truths];
    this.within(more, (slots) => {
      for (const index of this.#leavesOf.get(slot) ?? []) {
        const leaf = this.trial.tree.leaves[index];
        if (leaf !== undefined) after[index] = truthOf(leaf.compiled, slots);
      }
    });
    return { changes: more, truths: after };
  }

  turns({ changes, truths }: Changed): boolean {
    const fires = this.within(changes, (slots) => this.trial.resultWith(truths, slots) === 'fires');
    return fires !== this.#fires;
  }

  /** How many parts of the rule are still in the way; 0 = it has turned. */
  distance(changed: Changed): number {
    const distance = this.trial.tree.distance(changed.truths, !this.#fires);
    // The points may be unknown, or an exception may hold.
    return distance === 0 && !this.turns(changed) ? 0.5 : distance;
  }

  /** Only whole numbers. */
  isWhole(info: InputInfo): boolean {
    return this.roomOf(info).whole;
  }

  /** Values worth trying once these inputs have changed: others than before where one of them is read beside this one. */
  candidatesAfter({ changes }: Changed, info: InputInfo, before: readonly Value[]): readonly Value[] {
    const together = this.together(info);
    const others = changes.flatMap(([slot, reading]) => (together.has(slot) && isKnown(reading) ? [reading] : []));
    if (others.length === 0) return before;
    return withBeside(before, info, { from: this.readingOf(info), room: this.roomOf(info), others });
  }

  /** Values worth trying, nearest first: of those that make no difference from each other, one. */
  candidates(info: InputInfo): readonly Value[] {
    const all = this.near(info);
    if (this.isTangled(info)) return all;
    const seen = new Set<string>();
    return all.filter((value) => {
      const { changes, truths } = this.change(this.start, info, value);
      const outside = this.within(changes, (slots) => this.trial.outside(slots));
      return seen.size < seen.add(`${truths.join()} ${outside.join()}`).size;
    });
  }

  /** Inputs that one part of the condition, or the points, read together with this one. */
  together(info: InputInfo): ReadonlySet<number> {
    const known = this.#together.get(info.slot) ?? this.readWith(info);
    this.#together.set(info.slot, known);
    return known;
  }

  private readWith({ slot }: InputInfo): ReadonlySet<number> {
    const leaves = (this.#leavesOf.get(slot) ?? []).flatMap((index) => this.trial.tree.leaves[index] ?? []);
    const points = this.trial.declaration.points.reads;
    const parts = [...leaves.map(({ reads }) => reads), ...(points.some((info) => info.slot === slot) ? [points] : [])];
    return new Set(parts.flatMap((reads) => reads.map((info) => info.slot)).filter((other) => other !== slot));
  }

  private near(info: InputInfo): readonly Value[] {
    const others = [...this.together(info)].flatMap((slot) => {
      const reading = this.slots[slot];
      return isKnown(reading) ? [reading] : [];
    });
    return this.#candidates.of(info, { from: this.readingOf(info), room: this.roomOf(info), others });
  }

  /** Shares a part of the rule with another number: what makes no difference now can make one once that has changed. */
  private isTangled(info: InputInfo): boolean {
    const together = this.together(info);
    return together.size > 0 && (info.type === 'number' || [...together].some((slot) => !isKnown(this.slots[slot])));
  }

  private within<T>(changes: Changed['changes'], work: (slots: Slots) => T): T {
    for (const [slot, reading] of changes) this.#scratch[slot] = reading;
    const result = work(this.#scratch);
    for (const [slot] of changes) this.#scratch[slot] = this.slots[slot];
    return result;
  }
}
