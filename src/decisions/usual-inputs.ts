import type { EventType } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';

/** Inputs of one decision, to be set beside those of others. */
export interface UsualQuery {
  /** Decisions about events of this type alone are comparable. */
  readonly type: EventType;
  /** Made before this instant: what was usual when the decision was made. */
  readonly before: Instant;
  readonly values: Readonly<Record<string, Value>>;
  /** At most this many, the latest. */
  readonly limit: number;
}

/** Numbers only: the twentieth, the half and the nineteen twentieths of those known. */
export interface UsualRange {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** With as much as the value asked for, or more. */
  readonly atLeast: number;
}

/** How an input stands among decisions that let somebody in. */
export interface UsualInput {
  readonly name: string;
  readonly value: Value;
  /** Decisions in which it had a value. */
  readonly known: number;
  /** Of those, with the very value asked for. */
  readonly same: number;
  /** Null where the value asked for is no number, or none was known. */
  readonly range: UsualRange | null;
}

export interface Usual {
  /** Decisions looked at: `allow`, of accounts that are admitted to this day. */
  readonly admitted: number;
  /** When the oldest of them was made. */
  readonly since: Instant | undefined;
  /** In the order asked for. */
  readonly inputs: readonly UsualInput[];
}

/** Port: what is usual, by the latest decisions that let somebody in. */
export interface UsualInputs {
  among(query: UsualQuery): Promise<Usual>;
}
