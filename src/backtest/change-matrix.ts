import { outcomeRank } from '../model/policy.js';
import { type Outcome, outcomes } from '../model/rule.js';
import type { Change } from './report.js';

/** How often decisions went from one outcome to another. */
export class ChangeMatrix {
  private readonly counts = new Float64Array(outcomes.length ** 2);

  add(from: Outcome, to: Outcome, times = 1): void {
    const place = outcomeRank[from] * outcomes.length + outcomeRank[to];
    this.counts[place] = (this.counts[place] ?? 0) + times;
  }

  /** Those that changed, the strictest new outcome first. */
  changes(): Change[] {
    const found: Change[] = [];
    for (const to of [...outcomes].reverse())
      for (const from of outcomes) {
        const count = this.counts[outcomeRank[from] * outcomes.length + outcomeRank[to]] ?? 0;
        if (from !== to && count > 0) found.push({ from, to, count });
      }
    return found;
  }

  save(): Float64Array {
    return this.counts;
  }

  restore(saved: Float64Array): void {
    this.counts.set(saved);
  }
}
