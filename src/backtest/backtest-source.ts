import type { EventType } from '../model/event-type.js';
import type { Label } from '../model/label.js';
import type { Outcome } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { Immature, type Reading } from '../model/value.js';

/** One past event as rules would see it. */
export interface BacktestRow {
  readonly eventId: string;
  readonly accountId: string;
  readonly type: EventType;
  /** When it was decided: exceptions hold or have expired as of then. */
  readonly at: Instant;
  /**
   * Parallel to the layout that the source was asked for. An input that the source does not have is `notStored`, never
   * absent. Read before the next row is asked for, so a source may fill one array again and again.
   */
  readonly readings: readonly Reading[];
  /** Rules that a person or a verification had cleared for the account. */
  readonly clearedRules?: ReadonlySet<string> | undefined;
  /** What the event was decided to be at its time, where the source has it. */
  readonly decided?: Outcome | undefined;
  /** What is known of the account by now, where the source has it; `--labels` is asked first. */
  readonly label?: Label | undefined;
}

/** Port: where past events come from. Rows come oldest first as far as the source can tell. */
export interface BacktestSource {
  /** Blocks of any size, as they come. `layout`: names of the inputs (signals, features, ring inputs) that are wanted. */
  rows(layout: readonly string[]): AsyncIterable<Iterable<BacktestRow>>;
}

/** An input that this source does not have: rules that read it cannot be judged, and the report says which. */
export const notStored = new Immature('not_stored');
