/** One evaluation that was let in. */
export interface Visit {
  /**
   * Once its body is there; resolves when it may begin to work, or at once with false where too many are inside by now.
   * Before that it is not inside and has no place, so that a body which comes slowly holds none.
   */
  turn(): Promise<boolean>;
  /** Once, when it is over; gives the place back. */
  leave(): void;
}

interface AdmissionOptions {
  /** Evaluations that may be inside at once: those that wait for their place, and at work. */
  readonly maxInside: number;
  /** Whose body is being read, of all callers and of each: who sends slowly uses up its own share. */
  readonly maxReading: number;
  readonly maxReadingOfOne: number;
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
  #inside = 0;
  #reading = 0;
  readonly #readingOf = new Map<string, number>();
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

  get inside(): number {
    return this.#inside;
  }

  get reading(): number {
    return this.#reading;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Undefined where it would not have its turn soon: that is said before anything is done for it. */
  enter(caller: string): Visit | undefined {
    if (this.#inside >= this.options.maxInside || this.#isStanding() || !this.#mayRead(caller)) return undefined;
    this.#read(caller, 1);
    let state: 'reading' | 'inside' | 'outside' = 'reading';
    let since: number | undefined;
    return {
      turn: async () => {
        this.#read(caller, -1);
        state = this.#inside < this.options.maxInside ? 'inside' : 'outside';
        if (state === 'outside') return false;
        this.#inside += 1;
        if (this.#taken >= this.places) await this.#wait();
        else this.#taken += 1;
        since = this.options.elapsed();
        return true;
      },
      leave: () => {
        if (state === 'reading') this.#read(caller, -1);
        if (state === 'inside') this.#inside -= 1;
        if (since !== undefined) this.#giveBack(this.options.elapsed() - since);
      },
    };
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

  /** The queue is long, has stood for a while, and one more would wait too long: each place is free after its mean time. */
  #isStanding(): boolean {
    const { length } = this.#waiting;
    if (length < shortQueue || this.options.elapsed() - this.#queuedSince <= burstMs) return false;
    return ((length + 1) * this.#meanHeldMs) / this.#places > longestWaitMs;
  }

  #mayRead(caller: string): boolean {
    const { maxReading, maxReadingOfOne } = this.options;
    return this.#reading < maxReading && (this.#readingOf.get(caller) ?? 0) < maxReadingOfOne;
  }

  #read(caller: string, change: 1 | -1): void {
    this.#reading += change;
    const reading = (this.#readingOf.get(caller) ?? 0) + change;
    if (reading === 0) this.#readingOf.delete(caller);
    else this.#readingOf.set(caller, reading);
  }

  #wait(): Promise<void> {
    if (this.#waiting.length === 0) this.#queuedSince = this.options.elapsed();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(heldMs: number): void {
    this.#taken -= 1;
    this.#meanHeldMs += (heldMs - this.#meanHeldMs) * meanWeight;
    while (this.#taken < this.places && this.#waiting.length > 0) {
      this.#taken += 1;
      this.#waiting.shift()?.();
    }
  }
}
