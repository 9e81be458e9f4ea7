import type { Event } from '../model/event.js';
import type { Hashes } from '../model/hashed-signals.js';
import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
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
  /** Its signals are the event's; whatever else they hold is of one judgement. */
  readonly slots: Slots;
  readonly hashes: Hashes;
}

/** Fits a day of a large replay; an event takes some 4 KB. */
const keptMost = 4096;

/**
 * Events that are to be judged again soon, as they were seen last, by their ids. Two generations: what nobody asked for while
 * the younger one filled is forgotten, and is seen anew.
 */
export class RecentSightings {
  #young = new Map<string, Sighting>();
  #elder = new Map<string, Sighting>();

  of(eventId: string): Sighting | undefined {
    return this.#young.get(eventId) ?? this.#elder.get(eventId);
  }

  keep(sighting: Sighting): void {
    if (this.#young.size >= keptMost) [this.#elder, this.#young] = [this.#young, new Map()];
    this.#young.set(sighting.event.event_id, sighting);
  }
}
