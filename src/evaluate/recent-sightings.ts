import type { Event } from '../model/event.js';
import type { Hashes } from '../model/hashed-signals.js';
import type { LinkUse } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import type { Reading } from '../model/value.js';
import type { Memento, Remembered } from './account-memory.js';
import type { TypePlan } from './snapshot.js';

/** What an event is by itself, before history is asked: the same each time it is judged, while its account stays the same. */
export interface Sighting {
  readonly event: Event;
  /** When it counts as having happened. */
  readonly at: Instant;
  readonly memento: Memento;
  /** The account with the memento. */
  readonly account: Remembered;
  /** Of one rule set with its lists and IP data. */
  readonly plan: TypePlan;
  /** In the order of the plan. */
  readonly signals: readonly Reading[];
  readonly hashes: Hashes;
  /** Links whose key is known. */
  readonly links: readonly LinkUse[];
}

/** From one judgement of an account to the next but one it is 18 hours at most, by the default policy. */
const keptMs = 18 * 3_600_000;
/** As many of each generation at most; an event takes some 4 KB. */
const keptMost = 8192;

/**
 * Events that are to be judged again soon, as they were seen last, by their ids. Two generations: what nobody asked for while
 * the younger one grew old is forgotten, and is seen anew.
 */
export class RecentSightings {
  #young = new Map<string, Sighting>();
  #elder = new Map<string, Sighting>();
  #since: Instant = Number.NEGATIVE_INFINITY;

  of(eventId: string): Sighting | undefined {
    return this.#young.get(eventId) ?? this.#elder.get(eventId);
  }

  keep(sighting: Sighting, now: Instant): void {
    if (now >= this.#since + keptMs || this.#young.size >= keptMost) {
      [this.#elder, this.#young] = [this.#young, new Map()];
      this.#since = now;
    }
    this.#young.set(sighting.event.event_id, sighting);
  }

  /** It is not judged again. */
  drop(eventId: string): void {
    this.#young.delete(eventId);
    this.#elder.delete(eventId);
  }
}
