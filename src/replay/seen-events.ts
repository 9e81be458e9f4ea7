import { canonicalJson } from '../evaluate/canonical-json.js';
import type { Instant } from '../model/time.js';
import type { TimedEvent } from './read-event-line.js';

/** Event ids are remembered for at least this long, and at most twice. */
const rememberedMs = 86_400_000;

/**
 * Which events have come before. What waits for its turn, and what happened just now, is compared whole; of what was decided
 * earlier only the id is remembered, for a day.
 */
export class SeenEvents {
  private readonly near = new Map<string, TimedEvent>();
  private justPlayed: TimedEvent[] = [];
  private ids = new Set<string>();
  private olderIds = new Set<string>();
  private turnsAt: Instant = Number.NEGATIVE_INFINITY;

  /** `mismatch`: the id was used before with another body. */
  look(timed: TimedEvent, reached: Instant): 'new' | 'repeat' | 'mismatch' {
    const id = timed.event.event_id;
    const other = this.near.get(id);
    if (other !== undefined) return canonicalJson(other.event) === canonicalJson(timed.event) ? 'repeat' : 'mismatch';
    if (!this.ids.has(id) && !this.olderIds.has(id)) {
      this.near.set(id, timed);
      return 'new';
    }
    // The same body would tell the same time, which has passed, or none.
    return timed.event.occurred_at === undefined || timed.at < reached ? 'repeat' : 'mismatch';
  }

  /** It was refused after all. */
  drop({ event }: TimedEvent): void {
    this.near.delete(event.event_id);
  }

  played(timed: TimedEvent): void {
    if ((this.justPlayed[0]?.at ?? timed.at) < timed.at) this.leaveBehind();
    this.justPlayed.push(timed);
    if (timed.at < this.turnsAt) return;
    this.turnsAt = timed.at + rememberedMs;
    [this.olderIds, this.ids] = [this.ids, new Set()];
  }

  private leaveBehind(): void {
    for (const { event } of this.justPlayed) {
      this.near.delete(event.event_id);
      this.ids.add(event.event_id);
    }
    this.justPlayed = [];
  }
}
