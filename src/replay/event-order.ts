import type { Instant } from '../model/time.js';

interface Timed {
  readonly at: Instant;
}

/**
 * Puts what comes nearly in order into order, holding back no more than `horizonMs` of it. What comes at the same time
 * stays in the order of arrival.
 */
export class EventOrder<T extends Timed> {
  private waiting: T[] = [];
  private head = 0;
  private newest: Instant = Number.NEGATIVE_INFINITY;
  private released: Instant = Number.NEGATIVE_INFINITY;

  constructor(private readonly horizonMs: number) {}

  /** The time of what was handed on last. */
  get reached(): Instant {
    return this.released;
  }

  /** False when it comes later than the horizon allows, whether or not anything newer has been handed on already. */
  push(item: T): boolean {
    if (item.at < this.newest - this.horizonMs) return false;
    let place = this.waiting.length;
    while (place > this.head && (this.waiting[place - 1]?.at ?? 0) > item.at) place--;
    if (place === this.waiting.length) this.waiting.push(item);
    else this.waiting.splice(place, 0, item);
    this.newest = Math.max(this.newest, item.at);
    return true;
  }

  /** The next that nothing within the horizon can precede; undefined = more has to be pushed first. */
  next(): T | undefined {
    return this.take(this.newest - this.horizonMs);
  }

  /** As `next`, once nothing more will come. */
  last(): T | undefined {
    return this.take(Number.POSITIVE_INFINITY);
  }

  private take(until: Instant): T | undefined {
    const item = this.waiting[this.head];
    if (item === undefined || item.at > until) return undefined;
    this.head++;
    if (this.head >= 1024 && this.head * 2 >= this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    this.released = item.at;
    return item;
  }
}
