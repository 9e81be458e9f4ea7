import type { Instant } from '../model/time.js';

const dayMs = 24 * 3_600_000;

/**
 * When rings that live on the time of events are rebuilt without what ran out: once a day of it has passed and as many events
 * came as there are accounts, so that an event costs the same however long the history is. Whoever follows the same events
 * lets go of the same after the same event, in the service and in a replay.
 */
export class ExpiryPace {
  #rebuiltAt: Instant | undefined;
  #newest: Instant = 0;
  #events = 0;

  /** An event was taken in. */
  took(at: Instant): void {
    this.#rebuiltAt ??= at;
    this.#newest = Math.max(this.#newest, at);
    this.#events++;
  }

  isDue(accounts: number): boolean {
    return this.#newest - (this.#rebuiltAt ?? this.#newest) >= dayMs && this.#events >= accounts;
  }

  rebuilt(): void {
    this.#rebuiltAt = this.#newest;
    this.#events = 0;
  }
}
