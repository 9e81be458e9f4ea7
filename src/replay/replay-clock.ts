import type { Clock, Instant } from '../model/time.js';

/** The time of what is being replayed; it never goes back. */
export class ReplayClock implements Clock {
  private at: Instant = 0;

  now(): Instant {
    return this.at;
  }

  advance(to: Instant): void {
    this.at = Math.max(this.at, to);
  }
}
