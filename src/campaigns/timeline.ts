import type { Event } from '../model/event.js';
import type { Label } from './late-labels.js';
import type { TruthLine } from './truth-line.js';

/** Something that happens at a time: lines to write, and what begins then. */
export interface Moment {
  readonly at: number;
  readonly event?: Event;
  readonly truth?: TruthLine;
  readonly label?: Label;
  /** Timelines that begin now; none of them has anything earlier than this moment. */
  readonly opens?: readonly Timeline[];
}

/** Moments in the order of time. */
export type Timeline = Iterator<Moment>;

interface Waiting {
  readonly moment: Moment;
  readonly rest: Timeline;
  /** Order of arrival, so that equal times keep one order in every run. */
  readonly turn: number;
}

const before = (a: Waiting, b: Waiting): boolean =>
  a.moment.at < b.moment.at || (a.moment.at === b.moment.at && a.turn < b.turn);

/** The waiting timelines as a heap: the one whose next moment is earliest is first. */
class WaitingTimelines {
  readonly #heap: Waiting[] = [];
  #turns = 0;

  add(rest: Timeline): void {
    const next = rest.next();
    if (next.done === true) return;
    this.#push({ moment: next.value, rest, turn: this.#turns++ });
  }

  take(): Moment | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) this.#sink(last);
    this.add(first.rest);
    return first.moment;
  }

  #push(waiting: Waiting): void {
    let index = this.#heap.length;
    for (;;) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent];
      if (index === 0 || above === undefined || before(above, waiting)) break;
      this.#heap[index] = above;
      index = parent;
    }
    this.#heap[index] = waiting;
  }

  #sink(waiting: Waiting): void {
    let index = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * index + 1], this.#heap[2 * index + 2]];
      if (left === undefined) break;
      const takesRight = right !== undefined && before(right, left);
      const child = takesRight ? right : left;
      if (before(waiting, child)) break;
      this.#heap[index] = child;
      index = 2 * index + (takesRight ? 2 : 1);
    }
    this.#heap[index] = waiting;
  }
}

/** All moments of all timelines in the order of time; holds one moment of each running timeline. */
export function* mergeTimelines(timelines: readonly Timeline[]): Generator<Moment> {
  const waiting = new WaitingTimelines();
  for (const timeline of timelines) waiting.add(timeline);
  for (let moment = waiting.take(); moment !== undefined; moment = waiting.take()) {
    for (const timeline of moment.opens ?? []) waiting.add(timeline);
    yield moment;
  }
}
