import type { ScopeList } from '../model/expression-scope.js';
import { isKnown, type Reading, Unavailable, type Value } from '../model/value.js';
import { visitIntervals } from './interval-tree.js';
import type { SlotPlan } from './slot-plan.js';

/** A number that is not finite is no value to a condition, either. */
const isUsable = (reading: Reading): reading is Value =>
  isKnown(reading) && (typeof reading !== 'number' || Number.isFinite(reading));

/** By its name. */
export type FindList = (name: string) => Pick<ScopeList, 'has'> | undefined;

/** The conditions that may be true because of what one slot holds. */
export class SlotIndex {
  private readonly lists: readonly { readonly list: Pick<ScopeList, 'has'>; readonly conditions: readonly number[] }[];
  /** As the plan has them: an array is walked without making anything. */
  private readonly prefixes: readonly {
    readonly length: number;
    readonly texts: ReadonlyMap<string, readonly number[]>;
  }[];

  constructor(
    private readonly plan: SlotPlan,
    findList: FindList,
  ) {
    this.prefixes = [...plan.prefixes].map(([length, texts]) => ({ length, texts }));
    this.lists = [...plan.lists].flatMap(([name, conditions]) => {
      const list = findList(name);
      return list === undefined ? [] : [{ list, conditions }];
    });
  }

  get slot(): number {
    return this.plan.slot;
  }

  visit(reading: Reading, onCandidate: (condition: number) => void): void {
    if (reading instanceof Unavailable) return;
    const { absent, known, equal, intervals } = this.plan;
    if (!isUsable(reading)) {
      for (const condition of absent) onCandidate(condition);
      return;
    }
    for (const condition of known) onCandidate(condition);
    // A text has to be hashed to be looked for, be it in nothing.
    const equals = equal.size === 0 ? undefined : equal.get(reading);
    if (equals !== undefined) for (const condition of equals) onCandidate(condition);
    if (typeof reading === 'number') visitIntervals(intervals, reading, onCandidate);
    for (const { length, texts } of this.prefixes) {
      const found = typeof reading === 'string' ? texts.get(reading.slice(0, length)) : undefined;
      if (found !== undefined) for (const condition of found) onCandidate(condition);
    }
    for (const { list, conditions } of this.lists) {
      if (list.has(reading)) for (const condition of conditions) onCandidate(condition);
    }
  }
}
