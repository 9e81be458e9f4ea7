import type { Instant } from '../model/time.js';
import type { PastEvent } from './event-history.js';

/** A time in which decisions could not see all events that were committed. */
export interface BlindSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** A decision, in the order in which they were made. */
export interface DecisionPlace {
  readonly decidedAt: Instant;
  readonly decisionId: string;
}

/** Port: committed events that could not be counted, or remembered, when they were decided, as the truth keeps them. */
export interface UncountedEvents {
  /** Milliseconds since the one that waits for longest was committed; undefined where none waits. */
  waitingMs(): Promise<number | undefined>;
  /** Those that wait, as they happened. What was erased since cannot be opened. */
  waiting(limit: number): Promise<readonly PastEvent[]>;
  counted(decisionIds: readonly string[]): Promise<void>;
  /** Decisions from then until now could not see all events, although each was counted when it was decided. */
  noteSpan(from: Instant): Promise<void>;
  /** From the first that was not counted to the last counting, once no decision of that time is on its way any more. */
  span(): Promise<BlindSpan | undefined>;
  /**
   * Marks a page of those that were decided in the span and that missed nothing they knew of, to be judged again; accounts
   * that are in, and whose access still rests on a decision. Returns where to go on; undefined after the last.
   */
  judgeAgain(span: BlindSpan, after: DecisionPlace | undefined): Promise<DecisionPlace | undefined>;
  /** The span is over. */
  forget(span: BlindSpan): Promise<void>;
}
