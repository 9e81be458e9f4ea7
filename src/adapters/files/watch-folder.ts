import { watch } from 'chokidar';

export interface FolderWatch {
  close(): Promise<void>;
}

/** After the last change: editors write a file in several steps, and a checkout changes many. */
const settleMs = 100;

/** Calls back once things have been quiet for a moment after a change below the folder; never two calls at a time. */
export function watchFolder(folder: string, onChange: () => Promise<void>): FolderWatch {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => /\/\.[^/.]/.test(path) });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(onChange, onChange);
    }, settleMs);
  });
  // A watch that breaks (too many files, a folder deleted) is no reason to stop: the rules in use go on.
  watcher.on('error', () => undefined);
  return {
    async close() {
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}
