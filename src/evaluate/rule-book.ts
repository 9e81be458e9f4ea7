import type { Instant } from '../model/time.js';
import type { AccountSketch } from './account-sketch.js';
import type { RuleActivity } from './rule-activity.js';
import type { CountBatch, RecordedFuse } from './rule-ledger.js';
import type { Drained } from './rule-tally.js';

/** Sets that were replaced are kept for a while: requests that began with them still count. */
const retiredForMs = 60_000;

/** What one process counts and knows of its rules, over all sets that it has loaded. */
export class RuleBook {
  private current: RuleActivity | undefined;
  private readonly retired = new Map<RuleActivity, Instant>();
  private blown: readonly RecordedFuse[] = [];
  private readonly sketches = new Map<Instant, AccountSketch>();

  /** A set comes into use: fuses that have blown are so from its first event on. */
  attach(activity: RuleActivity, at: Instant): void {
    if (this.current !== undefined) this.retired.set(this.current, at);
    this.current = activity;
    activity.follow(this.blown);
  }

  get activity(): RuleActivity | undefined {
    return this.current;
  }

  get blownFuses(): readonly RecordedFuse[] {
    return this.blown;
  }

  /** What was counted since the last time. */
  drain(at: Instant): Omit<CountBatch, 'writer' | 'batch'> {
    const drained = this.all().map((activity) => activity.drain());
    for (const [activity, since] of this.retired) if (at - since > retiredForMs) this.retired.delete(activity);
    return {
      rules: drained.flatMap(({ rules }) => rules),
      exceptions: drained.flatMap(({ exceptions }) => exceptions),
      accounts: this.merged(drained.flatMap(({ accounts }) => accounts)),
    };
  }

  /** Sketches since the process started: hours that nothing came in any more are forgotten. */
  private merged(accounts: Drained['accounts']): CountBatch['accounts'] {
    for (const { hour, sketch } of accounts) {
      const known = this.sketches.get(hour);
      if (known === undefined) this.sketches.set(hour, sketch);
      else known.merge(sketch);
    }
    const touched = new Set(accounts.map(({ hour }) => hour));
    const latest = Math.max(...this.sketches.keys());
    for (const hour of this.sketches.keys()) if (hour < latest && !touched.has(hour)) this.sketches.delete(hour);
    return [...touched].flatMap((hour) => {
      const sketch = this.sketches.get(hour);
      return sketch === undefined ? [] : [{ hour, sketch }];
    });
  }

  /** Fuses that have blown here since the last time. */
  takeBlown(instance: string): readonly RecordedFuse[] {
    return this.all().flatMap((activity) => activity.takeBlown(instance));
  }

  /** What the truth says. */
  follow(blown: readonly RecordedFuse[]): void {
    this.blown = blown;
    for (const activity of this.all()) activity.follow(blown);
  }

  private all(): RuleActivity[] {
    return this.current === undefined ? [] : [this.current, ...this.retired.keys()];
  }
}
