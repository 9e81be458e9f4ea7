import type { Instant } from '../model/time.js';
import { BucketSums } from './bucket-sums.js';
import { type BurstSpans, baselineSum, dayMs, isWindowKept, partsKept, windowSum } from './burst-spans.js';
import type { KeyLimits } from './key-log.js';
import { RecentEvents } from './recent-events.js';

/** Events that left a log and are still known when they come again. */
export const goneMost = 10_000;
/** Events that may lie in a log for longer than anybody asks for them. */
const oldMost = 16;

interface Counted {
  readonly at: Instant;
  readonly event: string;
}

/** One key of one burst: its newest events one by one, older ones by buckets, and what of it is usual. */
export class BurstKey {
  /** In the order of time. */
  private readonly log: Counted[] = [];
  private folded: { readonly parts: BucketSums; readonly events: RecentEvents; until: Instant } | undefined;
  private readonly admitted = new BucketSums();

  constructor(
    private readonly spans: BurstSpans,
    private readonly limits: KeyLimits,
  ) {}

  knows(event: string): boolean {
    return this.log.some((one) => one.event === event) || this.folded?.events.has(event) === true;
  }

  count(event: string, at: Instant): void {
    let place = this.log.length;
    while (place > 0 && (this.log[place - 1]?.at ?? 0) > at) place--;
    this.log.splice(place, 0, { at, event });
    this.forgetOld();
    if (this.log.length > this.limits.logLength + this.limits.slack) this.fold();
  }

  /** `amount` -1 takes an event out of what is usual, 1 brings it in. */
  admit(at: Instant, amount: 1 | -1): void {
    this.admitted.add(Math.floor(at / this.spans.bucketMs), amount);
    this.admitted.trim(this.spans.bucketsKept);
  }

  countUntil(at: Instant): number {
    const from = at - this.spans.windowMs;
    let logged = 0;
    for (let index = this.log.length - 1; index >= 0; index--) {
      const time = this.log[index]?.at ?? from;
      if (time <= from) break;
      if (time <= at) logged++;
    }
    if (this.folded === undefined || this.folded.until <= from) return logged;
    return Math.floor(logged + windowSum(this.folded.parts, this.spans, at));
  }

  baselineUntil(at: Instant): number {
    return baselineSum(this.admitted, this.spans, at);
  }

  /** Nobody asks for these any more, nor tells them again; a few at a time. */
  private forgetOld(): void {
    const oldest = (this.log.at(-1)?.at ?? 0) - this.spans.windowMs - dayMs;
    if ((this.log[oldMost - 1]?.at ?? oldest) >= oldest) return;
    this.log.splice(
      0,
      this.log.findIndex(({ at }) => at >= oldest),
    );
  }

  private fold(): void {
    this.folded ??= { parts: new BucketSums(), events: new RecentEvents(goneMost), until: Number.NEGATIVE_INFINITY };
    for (const { at, event } of this.log.splice(0, this.log.length - this.limits.logLength)) {
      this.folded.parts.add(Math.floor(at / this.spans.partMs), 1);
      this.folded.events.add(event);
      this.folded.until = Math.max(this.folded.until, at);
    }
    this.folded.parts.trim(partsKept);
  }
}

/** The newest part in which any burst of the same event type, window and baseline has counted. */
export interface NewestPart {
  part: number;
}

/** All keys of one burst together. */
export class BurstTotals {
  private readonly all = new BucketSums();
  private readonly admitted = new BucketSums();

  constructor(
    private readonly spans: BurstSpans,
    private readonly newest: NewestPart,
  ) {}

  count(at: Instant): void {
    const part = Math.floor(at / this.spans.partMs);
    this.newest.part = Math.max(this.newest.part, part);
    this.all.add(part, 1);
    this.all.trim(partsKept);
  }

  admit(at: Instant, amount: 1 | -1): void {
    this.admitted.add(Math.floor(at / this.spans.bucketMs), amount);
    this.admitted.trim(this.spans.bucketsKept);
  }

  countUntil(at: Instant): number {
    return windowSum(this.all, this.spans, at);
  }

  /** None where the window of that time is no longer kept: nothing could be compared with it. */
  baselineUntil(at: Instant): number {
    return isWindowKept(this.newest.part, this.spans, at) ? baselineSum(this.admitted, this.spans, at) : 0;
  }
}
