import type { RingLease, RingLog } from '../rings/ring-log.js';
import { type Loop, startLoop } from './loop.js';

interface LeaseKeeperOptions {
  readonly log: Pick<RingLog, 'claim' | 'renew' | 'release'>;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly leaseMs: number;
}

/** Holds the lease while long work goes on beside; four tries a lease. */
export class LeaseKeeper {
  readonly #loop: Loop;

  private constructor(
    readonly lease: RingLease,
    private readonly options: LeaseKeeperOptions,
    private until: number,
  ) {
    const everyMs = options.leaseMs / 4;
    // A renewal that fails is tried again; what counts is the time.
    this.#loop = startLoop({ everyMs, work: () => this.#renew(), onError: () => undefined });
  }

  /** Undefined while another has it. */
  static async claim(options: LeaseKeeperOptions): Promise<LeaseKeeper | undefined> {
    const until = options.elapsed() + options.leaseMs;
    const lease = await options.log.claim(options.leaseMs);
    return lease && new LeaseKeeper(lease, options, until);
  }

  /** False once another may have it. */
  get holds(): boolean {
    return this.options.elapsed() < this.until;
  }

  /** Keeps it no longer; `release` gives it back, so that another need not wait. */
  async end({ release }: { readonly release: boolean }): Promise<void> {
    await this.#loop.stop();
    if (release && this.holds) await this.options.log.release(this.lease);
    this.until = 0;
  }

  async #renew(): Promise<boolean> {
    const { log, elapsed, leaseMs } = this.options;
    const until = elapsed() + leaseMs;
    if (!this.holds) return false;
    this.until = (await log.renew(this.lease, leaseMs)) ? until : 0;
    return false;
  }
}
