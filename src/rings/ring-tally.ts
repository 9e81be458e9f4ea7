import type { Instant } from '../model/time.js';

/** Different numbers, counted exactly up to `most`; after that it says `most`. */
export class DistinctTally {
  constructor(
    private readonly most: number,
    readonly seen: number[] = [],
  ) {}

  get count(): number {
    return this.seen.length;
  }

  add(value: number): void {
    if (this.seen.length < this.most && !this.seen.includes(value)) this.seen.push(value);
  }

  addAll(other: DistinctTally): void {
    for (const value of other.seen) this.add(value);
  }
}

const minuteMs = 60_000;
const hourMinutes = 60;

/** How many came in the last hour, to the minute: at most 61 pairs of minute and count. */
export class MinuteTally {
  constructor(private pairs: [minute: number, count: number][] = []) {}

  add(at: Instant, count = 1): void {
    const minute = Math.floor(at / minuteMs);
    const last = this.pairs.at(-1);
    if (last?.[0] === minute) last[1] += count;
    else if (last === undefined || last[0] < minute) this.pairs.push([minute, count]);
    else this.#addLate(minute, count);
    if (this.pairs.length > hourMinutes + 1) this.#forget();
  }

  /** In the hour up to `at`: the minute of `at` and the 60 before it. */
  within(at: Instant): number {
    const newest = Math.floor(at / minuteMs);
    let count = 0;
    for (const [minute, came] of this.pairs) if (minute <= newest && minute >= newest - hourMinutes) count += came;
    return count;
  }

  addAll(other: MinuteTally): void {
    for (const [minute, count] of other.pairs) this.add(minute * minuteMs, count);
  }

  toJSON(): [number, number][] {
    return this.pairs;
  }

  #addLate(minute: number, count: number): void {
    const at = this.pairs.findIndex(([known]) => known >= minute);
    const there = this.pairs[at];
    if (there?.[0] === minute) there[1] += count;
    else this.pairs.splice(at, 0, [minute, count]);
  }

  #forget(): void {
    const newest = this.pairs.at(-1)?.[0] ?? 0;
    this.pairs = this.pairs.filter(([minute]) => minute >= newest - hourMinutes);
  }
}

/**
 * The most frequent of many values, with bounded memory (Misra and Gries): with up to `most` different values it is exact;
 * with more it says too little by at most one in `most` of all, never too much.
 */
export class FrequentTally {
  constructor(
    private readonly most: number,
    private counts: [value: number, count: number][] = [],
  ) {}

  get top(): number {
    let top = 0;
    for (const [, count] of this.counts) if (count > top) top = count;
    return top;
  }

  add(value: number, count = 1): void {
    const known = this.counts.find(([other]) => other === value);
    if (known === undefined) this.counts.push([value, count]);
    else known[1] += count;
    if (this.counts.length > this.most) this.#lower();
  }

  addAll(other: FrequentTally): void {
    for (const [value, count] of other.counts) this.add(value, count);
  }

  toJSON(): [number, number][] {
    return this.counts;
  }

  #lower(): void {
    const least = Math.min(...this.counts.map(([, count]) => count));
    this.counts = this.counts.flatMap(([value, count]): [number, number][] =>
      count > least ? [[value, count - least]] : [],
    );
  }
}
