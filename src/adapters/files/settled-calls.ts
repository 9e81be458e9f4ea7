/** `isOvertaken` is true once something has changed again and the call may be given up: another one follows. */
export type OnFolderChange = (isOvertaken: () => boolean) => Promise<void>;

/** After the last change: editors write a file in several steps, and a checkout changes many. */
const settleMs = 40;
/** Whoever never stops writing is read this often all the same, and that call is not overtaken. */
const longestWaitMs = 1000;

/** Many changes to few calls: after a quiet moment, one at a time, the last change always followed by one. */
export class SettledCalls {
  #timer: NodeJS.Timeout | undefined;
  #running = Promise.resolve();
  /** Raised by each change. */
  #change = 0;
  /** When the first change came that no call has begun after. */
  #waitingSince: number | undefined;

  constructor(private readonly onChange: OnFolderChange) {}

  changed(): void {
    const now = performance.now();
    this.#change++;
    this.#waitingSince ??= now;
    const latest = this.#waitingSince + longestWaitMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#call(), Math.max(0, Math.min(settleMs, latest - now)));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
  }

  #call(): void {
    const isPatient = performance.now() - (this.#waitingSince ?? 0) >= longestWaitMs;
    const call = (): Promise<void> => {
      this.#waitingSince = undefined;
      const begun = this.#change;
      return this.onChange(() => !isPatient && this.#change !== begun);
    };
    this.#running = this.#running.then(call, call);
  }
}
