import type { AccessCause, AccessState } from '../model/access.js';
import type { Decision } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { EventType } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import type { EventStep } from './sequence-test.js';

/** One event as it went through the pipeline. */
export interface PlayedEvent {
  readonly step: EventStep;
  readonly event: Event;
  readonly type: EventType;
  readonly decision: Decision;
  /** Signals, features and ring as the rules saw them. */
  readonly slots: Slots;
  /** Rules that counted. */
  readonly live: ReadonlySet<string>;
  /** Rules that fired and changed nothing. */
  readonly shadow: ReadonlySet<string>;
}

/** The state of an account from some time on. */
export interface StateChange {
  readonly at: Instant;
  readonly accountId: string;
  readonly state: AccessState;
  readonly cause: AccessCause;
  /** The event that was decided, where that was the cause. */
  readonly event?: number;
}

/** Something that could not be done as the test says it. */
export interface StepProblem {
  readonly step: { readonly place: EventStep['place'] };
  readonly message: string;
}

export interface PlayedTest {
  readonly events: ReadonlyMap<number, PlayedEvent>;
  /** In the order of time. */
  readonly changes: readonly StateChange[];
  readonly problems: readonly StepProblem[];
}

/** The account's state at a time; undefined = nobody has decided about it yet. */
export function stateAt({ changes }: PlayedTest, accountId: string, at: Instant): StateChange | undefined {
  return changes.findLast((change) => change.accountId === accountId && change.at <= at);
}
