import { setTimeout as sleep } from 'node:timers/promises';

/** What a call is told of the change that it was made for. */
export interface FolderChange {
  /** True once something has changed again and the call may be given up: another one follows. */
  isOvertaken(): boolean;
  /** Resolves once things have been quiet for long enough to use what was read; false when it was overtaken. */
  settled(): Promise<boolean>;
}

export type OnFolderChange = (change: FolderChange) => Promise<void>;

/** After the last change reading begins: what one save touches comes within this time. Milliseconds. */
const beginMs = 10;
/** After the last change what was read may be used: editors write a file in several steps, and a checkout changes many. */
const settleMs = 40;
/** Whoever never stops writing is read this often all the same, and that call is not overtaken. */
const longestWaitMs = 1000;

/** Many changes to few calls: one at a time, the last change always followed by one. */
export class SettledCalls {
  #timer: NodeJS.Timeout | undefined;
  #running = Promise.resolve();
  /** Raised by each change. */
  #change = 0;
  #changedAt = 0;
  /** The change that the last call began after. */
  #begun = 0;
  /** When the first change came that no call has been to its end for. */
  #waitingSince: number | undefined;

  constructor(private readonly onChange: OnFolderChange) {}

  changed(): void {
    this.#changedAt = performance.now();
    this.#change++;
    this.#waitingSince ??= this.#changedAt;
    const latest = this.#waitingSince + longestWaitMs;
    clearTimeout(this.#timer);
    const call = (): Promise<void> => this.#call();
    this.#timer = setTimeout(
      () => (this.#running = this.#running.then(call, call)),
      Math.max(0, Math.min(beginMs, latest - this.#changedAt)),
    );
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #call(): Promise<void> {
    // A call that waited for another one may have come too late for anything new.
    if (this.#begun === this.#change) return;
    const begun = this.#change;
    this.#begun = begun;
    const begunAt = performance.now();
    const isPatient = begunAt - (this.#waitingSince ?? begunAt) >= longestWaitMs;
    const isOvertaken = (): boolean => !isPatient && this.#change !== begun;
    try {
      await this.onChange({ isOvertaken, settled: () => this.#settled(isOvertaken) });
    } finally {
      if (this.#change === begun) this.#waitingSince = undefined;
      else if (isPatient) this.#waitingSince = begunAt;
    }
  }

  async #settled(isOvertaken: () => boolean): Promise<boolean> {
    const quietAt = this.#changedAt + settleMs;
    const left = quietAt - performance.now();
    if (left > 0 && !isOvertaken()) await sleep(left);
    return !isOvertaken();
  }
}
