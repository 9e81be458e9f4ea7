/** Work in small pieces: each `yield` is a place where others may run. A step should take well under a millisecond. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All at once, for whoever has nothing else to do. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** How work shares its thread with others. Time comes from outside. */
export interface Pace {
  /** Milliseconds on a clock that never goes back. */
  readonly elapsed: () => number;
  /** Resolves once everybody else who waits has had a turn. */
  readonly breathe: () => Promise<void>;
  /** Work that long, then breathe. */
  readonly sliceMs: number;
  /** True when nobody wants the result any more. */
  readonly isOvertaken?: () => boolean;
}

/** In slices of a few milliseconds. Undefined when it was overtaken: nothing has happened then. */
export async function runInSlices<T>(steps: Steps<T>, pace: Pace): Promise<T | undefined> {
  for (;;) {
    const until = pace.elapsed() + pace.sliceMs;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (pace.elapsed() < until);
    await pace.breathe();
    if (pace.isOvertaken?.() === true) return undefined;
  }
}

/** Items between two pauses where an item takes some nanoseconds: some tenths of a millisecond. */
export const itemsInStep = 8192;

/** Calls `work` for items `from` up to, not including, `to`, a bounded number at a time. */
export function* inChunks(count: number, work: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += itemsInStep) {
    work(from, Math.min(count, from + itemsInStep));
    yield;
  }
}
