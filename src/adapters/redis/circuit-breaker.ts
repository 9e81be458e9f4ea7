/** Thrown while the breaker is open, at once. */
class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
}

interface BreakerOptions {
  /** Failures in a row that open it: one wave of a stalled server is enough, one slow call is not. */
  readonly failures?: number;
  /** Between probes while it is open. */
  readonly probeEveryMs?: number;
  /** Resolves when the server answers again. */
  readonly probe: () => Promise<unknown>;
  /** Did this error come from the connection (true), or from a server that answered? */
  readonly isOutage: (error: unknown) => boolean;
}

/**
 * Fails in no time while the other side is known to be away: waiting a time-out for each call would add it to every
 * evaluation. Probes by itself and closes when a probe succeeds.
 */
export class CircuitBreaker {
  private failed = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: BreakerOptions) {}

  get isOpen(): boolean {
    return this.timer !== undefined;
  }

  /** `weight`: how many failures it stands for when it fails. */
  async run<T>(work: () => Promise<T>, weight = 1): Promise<T> {
    if (this.isOpen) throw new CircuitOpen('the store did not answer a moment ago');
    try {
      const result = await work();
      this.failed = 0;
      return result;
    } catch (error) {
      this.note(error, weight);
      throw error;
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private note(error: unknown, weight: number): void {
    if (!this.options.isOutage(error)) {
      this.failed = 0;
      return;
    }
    this.failed += weight;
    if (this.failed >= (this.options.failures ?? 5) && !this.isOpen) this.scheduleProbe();
  }

  private scheduleProbe(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.tryAgain(), this.options.probeEveryMs ?? 100);
    this.timer.unref();
  }

  private async tryAgain(): Promise<void> {
    try {
      await this.options.probe();
      this.failed = 0;
      this.timer = undefined;
    } catch {
      this.scheduleProbe();
    }
  }
}
