import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface FolderWatch {
  close(): Promise<void>;
}

/** After the last change: editors write a file in several steps, and a checkout changes many. */
const settleMs = 100;
/** A folder that was deleted or renamed is looked for this often: a deployment may put another in its place. */
const returnMs = 250;

/** Calls back once things have been quiet for a moment after a change below the folder; never two calls at a time. */
export function watchFolder(folder: string, onChange: () => Promise<void>): FolderWatch {
  let timer: NodeJS.Timeout | undefined;
  let search: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(onChange, onChange);
    }, settleMs);
  };
  // The watch of a folder ends with the folder itself: one that comes back needs another.
  const awaitReturn = (gone: FSWatcher): void => {
    clearInterval(search);
    void gone.close();
    search = setInterval(() => {
      if (!existsSync(folder)) return;
      clearInterval(search);
      watcher = start();
      changed();
    }, returnMs);
  };
  const start = (): FSWatcher => {
    const started = watch(folder, { ignoreInitial: true, ignored: (path) => /\/\.[^/.]/.test(path) });
    started.on('all', (event, path) => {
      changed();
      if (event === 'unlinkDir' && resolve(path) === resolve(folder)) awaitReturn(started);
    });
    // A watch that breaks (too many files) is no reason to stop: the rules in use go on.
    started.on('error', () => undefined);
    return started;
  };
  let watcher = start();
  return {
    async close() {
      clearTimeout(timer);
      clearInterval(search);
      await watcher.close();
      await running;
    },
  };
}
