import type { Slots } from '../model/value.js';
import type { IndexPlan } from './index-plan.js';
import { type FindList, SlotIndex } from './slot-index.js';

/** Tells which conditions could be true, so that the others are never evaluated. May name one too many, never one too few. */
export class ConditionIndex {
  private readonly always: readonly number[];
  private readonly slots: readonly SlotIndex[];
  private readonly visited: Uint32Array;
  private visit = 0;

  constructor(plan: IndexPlan, findList: FindList) {
    this.always = plan.always;
    this.slots = plan.slots.map((slot) => new SlotIndex(slot, findList));
    this.visited = new Uint32Array(plan.conditions);
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
