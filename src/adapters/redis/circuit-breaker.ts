/** Thrown instead of calling while the circuit is open. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
}

export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** While open, one call goes through as a probe after each of these. */
  readonly probeEveryMs: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/**
 * Calls fail at once while a dependency is known to be down, instead of each waiting for its own time-out: with a 100 ms
 * command time-out a stalled Redis would otherwise cost every event 100 ms and every connection its backlog.
 */
export class CircuitBreaker {
  private failuresInRow = 0;
  private nextProbeAt = 0;

  constructor(private readonly options: CircuitBreakerOptions) {}

  get isOpen(): boolean {
    return this.failuresInRow >= this.options.failures;
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOpen && !this.takeProbe()) throw new CircuitOpen('the dependency failed a moment ago');
    try {
      const result = await work();
      this.failuresInRow = 0;
      return result;
    } catch (error) {
      this.failuresInRow++;
      if (this.isOpen) this.nextProbeAt = this.options.elapsed() + this.options.probeEveryMs;
      throw error;
    }
  }

  private takeProbe(): boolean {
    const now = this.options.elapsed();
    if (now < this.nextProbeAt) return false;
    this.nextProbeAt = now + this.options.probeEveryMs;
    return true;
  }
}
