import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface FolderWatch {
  close(): Promise<void>;
}

/** `isOvertaken` is true once something has changed again and the call may be given up: another one follows. */
export type OnFolderChange = (isOvertaken: () => boolean) => Promise<void>;

/** After the last change: editors write a file in several steps, and a checkout changes many. */
const settleMs = 60;
/** Whoever never stops writing is read this often all the same, and that call is not overtaken. */
const longestWaitMs = 1000;
/** Whether the folder is still the same is looked at this often: a deployment may put another in its place. */
const identityMs = 250;

/** Calls back once things have been quiet for a moment after a change below the folder; never two calls at a time. */
export function watchFolder(folder: string, onChange: OnFolderChange): FolderWatch {
  const calls = new SettledCalls(onChange);
  const identity = new FolderIdentity(folder);
  const start = (): FSWatcher => {
    // What begins with a dot is no rule; `..data` is how Kubernetes swaps all files of a volume at once.
    const started = watch(folder, { ignoreInitial: true, ignored: (path) => /\/\.[^/.]/.test(path) });
    started.on('all', (event, path) => {
      calls.changed();
      // The watch of a folder ends with the folder itself, even where it comes back at once.
      if (event === 'unlinkDir' && resolve(path) === resolve(folder)) identity.forget();
    });
    // A watch that breaks (too many files) is no reason to stop: the rules in use go on.
    started.on('error', () => undefined);
    return started;
  };
  let watcher = start();
  let closing: Promise<unknown> = Promise.resolve();
  identity.watch(() => {
    closing = Promise.all([closing, watcher.close()]);
    watcher = start();
    calls.changed();
  });
  return {
    async close() {
      await identity.close();
      await Promise.all([closing, watcher.close(), calls.close()]);
    },
  };
}

/** Which folder a path leads to: another may be put in its place, or a link be turned to another. */
class FolderIdentity {
  #known: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** Tells when there is another folder than before, or none any more, or one again. */
  watch(onOther: () => void): void {
    this.#looking = this.#look().then((now) => {
      this.#known ??= now;
    });
    this.#timer = setInterval(() => {
      this.#looking = this.#look().then((now) => {
        if (this.#known !== undefined && this.#known !== now) onOther();
        this.#known = now;
      });
    }, identityMs);
  }

  forget(): void {
    this.#known = 'forgotten';
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  #look(): Promise<string> {
    return stat(this.folder, { bigint: true }).then(
      ({ dev, ino }) => `${dev}:${ino}`,
      () => 'none',
    );
  }
}

/** Many changes to few calls: after a quiet moment, one at a time, the last change always followed by one. */
class SettledCalls {
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
