import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { folderIdentity, folderSignature } from './folder-signature.js';
import { type OnFolderChange, SettledCalls } from './settled-calls.js';

export interface FolderWatch {
  close(): Promise<void>;
}

/** Whether the folder is still the same is looked at this often: a deployment may put another in its place. */
const identityMs = 250;
/** No watch tells everything: files are looked at this often as well, and less often where that takes long. */
const signatureMs = 2000;
const signatureShare = 1 / 100;

/**
 * Calls back once things have been quiet for a moment after a change below the folder; never two calls at a time. `seen` is
 * the folder's signature from before it was read: what has changed since then is told, too.
 */
export function watchFolder(folder: string, seen: string, onChange: OnFolderChange): FolderWatch {
  return new WatchedFolder(folder, seen, onChange);
}

class WatchedFolder implements FolderWatch {
  readonly #calls: SettledCalls;
  #watcher: FSWatcher;
  #signature: string;
  #identity: string | undefined;
  #closing: Promise<unknown> = Promise.resolve();
  #identityTimer: NodeJS.Timeout | undefined;
  #signatureTimer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly folder: string,
    seen: string,
    onChange: OnFolderChange,
  ) {
    this.#signature = seen;
    this.#calls = new SettledCalls(async (isOvertaken) => {
      this.#signature = await folderSignature(folder);
      await onChange(isOvertaken);
    });
    this.#watcher = this.#watch();
    this.#identityTimer = setTimeout(() => this.#lookAgain(), 0);
    this.#signatureTimer = setTimeout(() => this.#compareFiles(), identityMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#identityTimer);
    clearTimeout(this.#signatureTimer);
    await this.#looking;
    await Promise.all([this.#closing, this.#watcher.close(), this.#calls.close()]);
  }

  #watch(): FSWatcher {
    const { folder } = this;
    // What begins with a dot is no rule.
    const started = watch(folder, { ignoreInitial: true, ignored: (path) => /\/\.[^/.]/.test(path) });
    started.on('all', (event, path) => {
      this.#calls.changed();
      // The watch of a folder ends with the folder itself, even where it comes back at once.
      if (event === 'unlinkDir' && resolve(path) === resolve(folder)) this.#identity = 'forgotten';
    });
    // A watch that breaks (too many files) is no reason to stop: files are looked at now and then all the same.
    started.on('error', () => undefined);
    return started;
  }

  #lookAgain(): void {
    this.#looking = this.#compareIdentity().then(() => {
      if (!this.#isClosed) this.#identityTimer = setTimeout(() => this.#lookAgain(), identityMs);
    });
  }

  async #compareIdentity(): Promise<void> {
    const now = await folderIdentity(this.folder);
    if (this.#identity !== undefined && this.#identity !== now && !this.#isClosed) {
      this.#closing = Promise.all([this.#closing, this.#watcher.close()]);
      this.#watcher = this.#watch();
      this.#calls.changed();
    }
    this.#identity = now;
  }

  #compareFiles(): void {
    const startedAt = performance.now();
    const before = this.#signature;
    void folderSignature(this.folder).then((now) => {
      if (this.#isClosed) return;
      // A call that began meanwhile has seen it.
      if (now !== before && before === this.#signature) this.#calls.changed();
      const took = performance.now() - startedAt;
      this.#signatureTimer = setTimeout(() => this.#compareFiles(), Math.max(signatureMs, took / signatureShare));
    });
  }
}
