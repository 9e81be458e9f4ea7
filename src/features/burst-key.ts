import type { Instant } from '../model/time.js';
import { BucketSums } from './bucket-sums.js';
import {
  type BurstSpans,
  baselineEnd,
  baselineStart,
  baselineSum,
  dayMs,
  isWindowKept,
  partsKept,
  sumSince,
  windowSum,
} from './burst-spans.js';
import type { KeyLimits } from './key-log.js';
import { goneMost, RecentEvents } from './recent-events.js';

/** Events that may lie in a log for longer than anybody asks for them. */
const oldMost = 16;

/** With more events than this, looking for one among all of them costs more than a set of them. */
const fewest = 16;

/** Of keys without lists; never written to. */
const noTimes: Instant[] = [];
const noEvents: string[] = [];

/** One key of one burst: its newest events one by one, older ones by buckets, and what of it is usual. */
export class BurstKey {
  /** Most keys have one event, without any lists; undefined before the first, and where there are more. */
  private only: string | undefined = undefined;
  private onlyAt: Instant = 0;
  /** Of the log, in the order of time. */
  private times = noTimes;
  /** Parallel to `times`. */
  private events = noEvents;
  /** The same, of a log with many. */
  private known: Set<string> | undefined;
  private folded: { readonly parts: BucketSums; readonly events: RecentEvents; until: Instant } | undefined;
  private admitted: BucketSums | undefined;
  /** Was an event of it ever none of the admitted ones? */
  private hasLost = false;
  /** Event time after which nothing of it can be read. */
  until: Instant = Number.NEGATIVE_INFINITY;

  constructor(
    /** Of all keys of the burst. */
    readonly totals: BurstTotals,
    private readonly limits: KeyLimits,
  ) {}

  knows(event: string): boolean {
    if (this.only !== undefined) return this.only === event;
    const isLogged = this.known === undefined ? this.events.includes(event) : this.known.has(event);
    return isLogged || this.folded?.events.has(event) === true;
  }

  count(event: string, at: Instant): void {
    if (this.times.length === 0) {
      if (this.only === undefined) {
        this.only = event;
        this.onlyAt = at;
        return;
      }
      this.times = [this.onlyAt];
      this.events = [this.only];
      this.only = undefined;
    }
    const place = placeAfter(this.times, at);
    if (place === this.times.length) {
      this.times.push(at);
      this.events.push(event);
    } else {
      this.times.splice(place, 0, at);
      this.events.splice(place, 0, event);
    }
    if (this.known !== undefined) this.known.add(event);
    else if (this.events.length > fewest) this.known = new Set(this.events);
    this.forgetOld();
    if (this.times.length > this.limits.logLength + this.limits.slack) this.fold();
  }

  /** `amount` -1 takes an event out of what is usual, 1 brings it in, 0 is one that was never in it. */
  admit(at: Instant, amount: 1 | 0 | -1): void {
    const { bucketMs, bucketsKept } = this.totals.spans;
    this.admitted ??= new BucketSums();
    this.hasLost ||= amount !== 1;
    this.admitted.add(Math.floor(at / bucketMs), amount);
    this.admitted.trim(bucketsKept);
  }

  countUntil(at: Instant): number {
    const { spans } = this.totals;
    const from = at - spans.windowMs;
    const logged = this.loggedUntil(at) - this.loggedUntil(from);
    if (this.folded === undefined || this.folded.until <= from) return logged;
    return Math.floor(logged + windowSum(this.folded.parts, spans, at));
  }

  /** Events since the baseline ends, and how many of them are of accounts that are out; none where none are. */
  companyUntil(at: Instant): Company {
    if (!this.hasLost || this.admitted === undefined) return alone;
    const { spans } = this.totals;
    const first = baselineEnd(spans, at);
    const from = first * spans.bucketMs;
    const logged = this.loggedUntil(at) - this.loggedUntil(Math.ceil(from) - 1);
    const older = this.folded !== undefined && this.folded.until >= from ? this.folded.parts : undefined;
    const recent = logged + (older === undefined ? 0 : sumSince(from, older, { spans, at }));
    const good = this.admitted.between(first, Math.floor(at / spans.bucketMs) + 1);
    return recent > good ? { recent, held: recent - good } : alone;
  }

  baselineUntil(at: Instant): number {
    return this.admitted === undefined ? 0 : baselineSum(this.admitted, this.totals.spans, at);
  }

  /** Of the log, those that are not after `at`. */
  private loggedUntil(at: Instant): number {
    if (this.only === undefined) return placeAfter(this.times, at);
    return this.onlyAt <= at ? 1 : 0;
  }

  /** Nobody asks for these any more, nor tells them again; a few at a time. */
  private forgetOld(): void {
    const { windowMs, bucketMs } = this.totals.spans;
    const oldest = (this.times.at(-1) ?? 0) - windowMs - Math.max(dayMs, bucketMs);
    if ((this.times[oldMost - 1] ?? oldest) >= oldest) return;
    this.takeOldest(this.times.findIndex((at) => at >= oldest));
  }

  private fold(): void {
    this.folded ??= { parts: new BucketSums(), events: new RecentEvents(goneMost), until: Number.NEGATIVE_INFINITY };
    const { parts, events, until } = this.folded;
    const gone = this.takeOldest(this.times.length - this.limits.logLength);
    for (const at of gone.times) parts.add(Math.floor(at / this.totals.spans.partMs), 1);
    for (const event of gone.events) events.add(event);
    this.folded.until = Math.max(until, ...gone.times);
    parts.trim(partsKept);
  }

  private takeOldest(count: number): { readonly times: readonly Instant[]; readonly events: readonly string[] } {
    const gone = { times: this.times.splice(0, count), events: this.events.splice(0, count) };
    if (this.known !== undefined) this.known = new Set(this.events);
    return gone;
  }
}

/** Events of a key since its baseline ends, and those of them that are of accounts that are not in good standing. */
export interface Company {
  readonly recent: number;
  readonly held: number;
}

export const alone: Company = { recent: 0, held: 0 };

/** How many of the times, which ascend, are not after `at`; nearly always that is all of them or none. */
function placeAfter(times: readonly Instant[], at: Instant): number {
  let [low, high] = [0, times.length];
  if (high === 0 || (times[0] ?? at) > at) return 0;
  if ((times[high - 1] ?? at) <= at) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The newest part in which any burst of the same event type, window and baseline has counted. */
export interface NewestPart {
  part: number;
}

/** All keys of one burst together. */
export class BurstTotals {
  private readonly all = new BucketSums();
  private readonly admitted = new BucketSums();
  /** The baseline that was asked for last: every key of the burst asks for the same, until a bucket is over. */
  private readonly asked = { first: 0, end: 0, sum: 0 };

  constructor(
    readonly spans: BurstSpans,
    private readonly newest: NewestPart,
  ) {}

  count(at: Instant): void {
    const part = Math.floor(at / this.spans.partMs);
    this.newest.part = Math.max(this.newest.part, part);
    this.all.add(part, 1);
    this.all.trim(partsKept);
  }

  admit(at: Instant, amount: 1 | 0 | -1): void {
    const bucket = Math.floor(at / this.spans.bucketMs);
    this.admitted.add(bucket, amount);
    const isTrimmed = this.admitted.trim(this.spans.bucketsKept);
    if (isTrimmed || bucket < this.asked.end) this.asked.end = Number.NEGATIVE_INFINITY;
  }

  countUntil(at: Instant): number {
    return windowSum(this.all, this.spans, at);
  }

  /** None where the window of that time is no longer kept: nothing could be compared with it. */
  baselineUntil(at: Instant): number {
    if (!isWindowKept(this.newest.part, this.spans, at)) return 0;
    const { asked, spans } = this;
    const [first, end] = [baselineStart(spans, at), baselineEnd(spans, at)];
    if (asked.first !== first || asked.end !== end) {
      asked.first = first;
      asked.end = end;
      asked.sum = this.admitted.between(first, end);
    }
    return asked.sum;
  }
}
