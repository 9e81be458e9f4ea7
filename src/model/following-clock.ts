import type { Clock, Instant } from './time.js';

/** What another clock showed, between two moments of a clock that never goes back; milliseconds. */
interface ClockReading {
  readonly sentAt: number;
  readonly shown: Instant;
  readonly heardAt: number;
}

/**
 * How far the other clock is ahead of the one that never goes back, by what is known and a further reading: as it was while
 * that can be true, so that time does not tremble with each reading, else moved by as little as possible.
 */
export function offsetAfter(known: number | undefined, { sentAt, shown, heardAt }: ClockReading): number {
  const [least, most] = [shown - heardAt, shown - sentAt];
  return known === undefined ? (least + most) / 2 : Math.min(most, Math.max(least, known));
}

/**
 * The wall clock until another has been read, and then that one: instances that follow the same clock agree on what is due,
 * whatever their own clocks show.
 */
export class FollowingClock implements Clock {
  #offset: number | undefined;

  constructor(
    private readonly wall: () => Instant,
    private readonly elapsed: () => number,
  ) {}

  readonly now = (): Instant => (this.#offset === undefined ? this.wall() : Math.floor(this.elapsed() + this.#offset));

  /** The longer `read` takes, the less it says: the error is at most half of that. */
  async follow(read: () => Promise<Instant>): Promise<void> {
    const sentAt = this.elapsed();
    const shown = await read();
    this.#offset = offsetAfter(this.#offset, { sentAt, shown, heardAt: this.elapsed() });
  }
}
