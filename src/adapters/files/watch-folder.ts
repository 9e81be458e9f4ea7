import { folderIdentity, goneFolder, lookAtFolder } from './folder-signature.js';
import { FolderWatches } from './folder-watches.js';
import { type OnFolderChange, SettledCalls } from './settled-calls.js';

interface FolderWatch {
  close(): Promise<void>;
}

/** Whether the folder is still the same is looked at this often: a deployment may put another in its place. */
const identityMs = 250;
/** No watch tells everything: files are looked at this often as well, and less often where that takes long. */
const signatureMs = 2000;
const signatureShare = 1 / 100;

/**
 * Calls back after a change below the folder; never two calls at a time, and each knows when things have been quiet for a
 * moment. `seen` is the folder's signature from before it was read: what has changed since then is told, too.
 */
export function watchFolder(folder: string, seen: string, onChange: OnFolderChange): FolderWatch {
  return new WatchedFolder(folder, seen, onChange);
}

class WatchedFolder implements FolderWatch {
  readonly #calls: SettledCalls;
  readonly #watches: FolderWatches;
  #signature: string;
  #identity: string | undefined;
  #identityTimer: NodeJS.Timeout | undefined;
  #signatureTimer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #comparing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly folder: string,
    seen: string,
    onChange: OnFolderChange,
  ) {
    this.#signature = seen;
    this.#calls = new SettledCalls(async (change) => {
      this.#signature = await this.#look();
      await onChange(change);
    });
    this.#watches = new FolderWatches(() => this.#calls.changed());
    this.#identityTimer = setTimeout(() => this.#lookAgain(), 0);
    this.#compareFiles();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#identityTimer);
    clearTimeout(this.#signatureTimer);
    await Promise.all([this.#looking, this.#comparing]);
    await this.#calls.close();
    this.#watches.close();
  }

  /** What is there, watched from before it was looked at. */
  async #look(): Promise<string> {
    for (;;) {
      const { signature, folders } = await lookAtFolder(this.folder);
      // What comes back in its place is another, whatever the system calls it.
      if (folders.length === 0 && this.#identity !== undefined) this.#identity = goneFolder;
      if (this.#isClosed || !this.#watches.keep(folders)) return signature;
    }
  }

  #lookAgain(): void {
    this.#looking = this.#compareIdentity().then(() => {
      if (!this.#isClosed) this.#identityTimer = setTimeout(() => this.#lookAgain(), identityMs);
    });
  }

  async #compareIdentity(): Promise<void> {
    const now = await folderIdentity(this.folder);
    if (this.#identity !== undefined && this.#identity !== now && !this.#isClosed) {
      // Watches of what was there before tell nothing of what is there now, even where the paths are the same.
      this.#watches.close();
      this.#calls.changed();
    }
    this.#identity = now;
  }

  #compareFiles(): void {
    const startedAt = performance.now();
    const before = this.#signature;
    this.#comparing = this.#look().then((now) => {
      if (this.#isClosed) return;
      // A call that began meanwhile has seen it.
      if (now !== before && before === this.#signature) this.#calls.changed();
      const took = performance.now() - startedAt;
      this.#signatureTimer = setTimeout(() => this.#compareFiles(), Math.max(signatureMs, took / signatureShare));
    });
  }
}
