import type { SealedEvent } from '../decisions/decision-log.js';
import type { AccountLabel } from '../model/label.js';
import type { Instant } from '../model/time.js';

/** A stored event with what it belongs to. */
export interface PastEvent extends SealedEvent {
  readonly accountId: string;
  readonly decisionId: string;
}

/** A place in the order of event time. */
export interface HistoryPlace {
  readonly occurredAt: Instant;
  readonly decisionId: string;
}

/** Of a page: events that happened after the place and were decided up to a moment. */
export interface HistoryQuery {
  readonly after: HistoryPlace;
  readonly decidedUntil: Instant;
  readonly limit: number;
}

export interface PastLabel extends AccountLabel {
  readonly id: number;
}

/** An account that is held or denied, or was. */
export interface PastStanding {
  readonly accountId: string;
  /** When it was held or denied, for the first time that is known of. */
  readonly outAt: Instant;
  /** When it came back; undefined while it is out. */
  readonly goodAt: Instant | undefined;
}

/** Port: the events, labels and standings that velocity is counted from, as the truth keeps them. Erased events are left out. */
export interface EventHistory {
  /** When the newest event happened; undefined when nothing has been decided yet. */
  newestAt(): Promise<Instant | undefined>;
  /** Oldest first. */
  events(query: HistoryQuery): Promise<readonly PastEvent[]>;
  /** What these accounts sent before the place, oldest first: what they are remembered by. */
  eventsBefore(accountIds: readonly string[], place: HistoryPlace): Promise<readonly PastEvent[]>;
  /** In the order in which they were recorded. */
  labels(afterId: number, limit: number): Promise<readonly PastLabel[]>;
  /** By account. */
  standings(afterAccountId: string, limit: number): Promise<readonly PastStanding[]>;
}
