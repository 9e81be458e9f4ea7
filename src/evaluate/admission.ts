/** Gives the place back. */
export type Leave = () => void;

export interface AdmissionOptions {
  /** Evaluations that may be inside at once, those that wait for their place included. */
  readonly maxInside: number;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
}

const firstPlaces = 16;
/** Fewer would not be quicker: then it is not the number of evaluations that makes trips slow. */
const fewestPlaces = 6;
const mostPlaces = 64;
/** A trip to the hot store that takes longer means that too many are on their way: at 100 ms it is given up. */
const slowTripMs = 50;
const quickTripMs = 25;
const narrowing = 0.8;
/** Nobody is let in to wait longer than this, save in a burst, or in a queue so short that it is no overload. */
const longestWaitMs = 150;
const shortQueue = 24;
/** A queue that is younger is a burst, which passes; an older one is overload, which does not. */
const burstMs = 100;
/** Weight of the newest in the mean of how long a place is held. */
const meanWeight = 1 / 16;

/**
 * How many evaluations are at work at once. More than the stores can take at a time makes each of them wait for all the
 * others, until calls run out of time and honest people are limited for want of an answer; so the rest wait outside, in
 * their order, and who would wait too long is refused at once. The number of places follows what trips to the hot store
 * take: it grows by one a round while all places are taken and trips are quick, and shrinks by a fifth when they are slow
 * (additive increase, multiplicative decrease, as TCP does it). Waiting is bounded as in CoDel: a burst may queue, a queue
 * that stands may not.
 */
export class Admission {
  #places = firstPlaces;
  #taken = 0;
  #tripsSinceNarrowed = 0;
  #meanHeldMs = 20;
  #queuedSince = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly options: AdmissionOptions) {}

  /** Evaluations that may be at work at once, just now. */
  get places(): number {
    return Math.floor(this.#places);
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when there is a place; undefined at once where there would not be one soon. */
  enter(): Promise<Leave> | undefined {
    if (this.#taken + this.#waiting.length >= this.options.maxInside) return undefined;
    if (this.#taken < this.places) return Promise.resolve(this.#take());
    const now = this.options.elapsed();
    if (this.#waiting.length === 0) this.#queuedSince = now;
    const isStanding = this.#waiting.length >= shortQueue && now - this.#queuedSince > burstMs;
    if (isStanding && this.#waitMs() > longestWaitMs) return undefined;
    return new Promise((resolve) => this.#waiting.push(() => resolve(this.#take())));
  }

  /** Told of each trip to the hot store, those included that were given up. */
  tripTook(ms: number): void {
    this.#tripsSinceNarrowed += 1;
    if (ms > slowTripMs) this.#narrow();
    else if (ms < quickTripMs && this.#waiting.length > 0)
      this.#places = Math.min(mostPlaces, this.#places + 1 / this.#places);
  }

  /** Once a round: those on their way already say the same of the same moment. */
  #narrow(): void {
    if (this.#tripsSinceNarrowed < this.#places) return;
    this.#tripsSinceNarrowed = 0;
    this.#places = Math.max(fewestPlaces, this.#places * narrowing);
  }

  /** What one more would wait: each place is free again after its mean time. */
  #waitMs(): number {
    return ((this.#waiting.length + 1) * this.#meanHeldMs) / this.#places;
  }

  #take(): Leave {
    const since = this.options.elapsed();
    this.#taken += 1;
    return () => {
      this.#taken -= 1;
      this.#meanHeldMs += (this.options.elapsed() - since - this.#meanHeldMs) * meanWeight;
      while (this.#taken < this.places && this.#waiting.length > 0) this.#waiting.shift()?.();
    };
  }
}
