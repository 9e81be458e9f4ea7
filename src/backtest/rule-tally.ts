import { toTenths } from '../model/points.js';
import type { Outcome } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { ChangeMatrix } from './change-matrix.js';
import type { Example } from './report.js';

const dayMs = 86_400_000;

/** What one rule did so far, event by event. */
export class RuleTally {
  fired = 0;
  shadow = 0;
  readonly changes = new ChangeMatrix();
  readonly examples: Example[] = [];
  private readonly days = new Map<number, number>();
  private pointsSum = 0;
  private least = Number.POSITIVE_INFINITY;
  private most = Number.NEGATIVE_INFINITY;

  add(hit: { readonly points: number; readonly isLive: boolean; readonly at: Instant }): void {
    if (hit.isLive) this.fired++;
    else this.shadow++;
    const day = Math.floor(hit.at / dayMs);
    this.days.set(day, (this.days.get(day) ?? 0) + 1);
    this.pointsSum += hit.points;
    this.least = Math.min(this.least, hit.points);
    this.most = Math.max(this.most, hit.points);
  }

  /** One that changes a decision takes the place of one that does not. */
  wantsExample(changes: boolean, most: number): boolean {
    return this.examples.length < most || (changes && this.examples.some(({ from, to }) => from === to));
  }

  addExample(example: Example, most: number): void {
    if (this.examples.length >= most) {
      const dull = this.examples.findIndex(({ from, to }) => from === to);
      this.examples.splice(dull, 1);
    }
    this.examples.push(example);
  }

  change(from: Outcome, to: Outcome): void {
    if (from !== to) this.changes.add(from, to);
  }

  get points(): { least: number; mean: number; most: number } | null {
    const hits = this.fired + this.shadow;
    if (hits === 0) return null;
    return { least: toTenths(this.least), mean: toTenths(this.pointsSum / hits), most: toTenths(this.most) };
  }

  mostADay(): number {
    return Math.max(0, ...this.days.values());
  }

  save(): SavedTally {
    const { fired, shadow, examples, days, pointsSum, least, most } = this;
    return { fired, shadow, examples, days, pointsSum, least, most, changes: this.changes.save() };
  }

  restore(saved: SavedTally): void {
    this.fired = saved.fired;
    this.shadow = saved.shadow;
    this.examples.push(...saved.examples);
    for (const [day, count] of saved.days) this.days.set(day, count);
    this.pointsSum = saved.pointsSum;
    this.least = saved.least;
    this.most = saved.most;
    this.changes.restore(saved.changes);
  }
}

export interface SavedTally {
  readonly fired: number;
  readonly shadow: number;
  readonly examples: readonly Example[];
  readonly days: ReadonlyMap<number, number>;
  readonly pointsSum: number;
  readonly least: number;
  readonly most: number;
  readonly changes: Float64Array;
}
