import type { EventType } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';

export interface AdmittedQuery {
  /** Decisions about events of this type alone are comparable. */
  readonly type: EventType;
  /** Made before this instant: what was usual when the decision was made. */
  readonly before: Instant;
  readonly names: readonly string[];
  /** At most this many are looked at, the latest. */
  readonly limit: number;
}

/** What a decision that let somebody in saw. */
export interface AdmittedInputs {
  readonly decidedAt: Instant;
  /** In the order of the names asked for; null where there was none. */
  readonly values: readonly (Value | null)[];
}

/** Port: decisions that came to `allow`, of accounts that are admitted to this day; the latest first. */
export interface AdmittedSample {
  latest(query: AdmittedQuery): Promise<readonly AdmittedInputs[]>;
}

/** Numbers only: the twentieth, the half and the nineteen twentieths of those known. */
interface UsualRange {
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

/** Each input beside those of the sample, whose values stand in the same order. */
export function usualInputs(
  inputs: readonly (readonly [name: string, value: Value])[],
  sample: readonly AdmittedInputs[],
): readonly UsualInput[] {
  return inputs.map(([name, value], place) => {
    const known = sample.flatMap(({ values }) => values[place] ?? []);
    return {
      name,
      value,
      known: known.length,
      same: known.filter((one) => one === value).length,
      range: typeof value === 'number' ? rangeOf(value, known) : null,
    };
  });
}

function rangeOf(value: number, known: readonly Value[]): UsualRange | null {
  const numbers = known.filter((one) => typeof one === 'number').sort((a, b) => a - b);
  const at = (share: number): number => numbers[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? Number.NaN;
  if (numbers.length === 0) return null;
  return { low: at(0.05), median: at(0.5), high: at(0.95), atLeast: numbers.filter((one) => one >= value).length };
}
