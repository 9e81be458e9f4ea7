import type { Instant } from '../model/time.js';

const dayMs = 24 * 3_600_000;

/**
 * When rings that live on the time of events are rebuilt without what ran out: once a day of it has passed and as many events
 * came as accounts were left by the last rebuild, so that an event costs the same however long the history is, and nothing
 * remembers more than a multiple of what still counts. Whoever follows the same events
 * lets go of the same after the same event, in the service and in a replay.
 */
export class ExpiryPace {
  #rebuiltAt: Instant | undefined;
  #newest: Instant = 0;
  #events = 0;
  /** Accounts that the last rebuild left. */
  #left: number;

  /** `accounts`: as many as are known to begin with. */
  constructor(accounts = 0) {
    this.#left = accounts;
  }

  /** An event was taken in. */
  took(at: Instant): void {
    this.#rebuiltAt ??= at;
    this.#newest = Math.max(this.#newest, at);
    this.#events++;
  }

  isDue(): boolean {
    return this.#newest - (this.#rebuiltAt ?? this.#newest) >= dayMs && this.#events >= this.#left;
  }

  rebuilt(accounts: number): void {
    this.#rebuiltAt = this.#newest;
    this.#events = 0;
    this.#left = accounts;
  }
}
