/** What is done every so often: each name is due when its time has passed since it was done last. */
export class DueTimes<Name extends string> {
  readonly #doneAt = new Map<Name, number>();
  readonly #startedAt: number;

  constructor(
    /** Milliseconds. */
    private readonly everyMs: Readonly<Record<Name, number>>,
    private readonly elapsed: () => number,
  ) {
    this.#startedAt = elapsed();
  }

  /** From now on until it is done. */
  makeDue(name: Name): void {
    this.#doneAt.set(name, Number.NEGATIVE_INFINITY);
  }

  /** Takes note that it is done now. */
  isDue(name: Name): boolean {
    const now = this.elapsed();
    if (now - (this.#doneAt.get(name) ?? this.#startedAt) < this.everyMs[name]) return false;
    this.#doneAt.set(name, now);
    return true;
  }
}
