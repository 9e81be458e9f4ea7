import { watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Editors write a file in several steps; this long after the first of them the rest has come. */
const settleMs = 80;

export interface FolderWatch {
  /** True when something in the folder has changed since the last time it was asked; false when the watch was ended. */
  changed(): Promise<boolean>;
  end(): void;
}

/** Watches a folder and what is in it. Throws when there is no such folder. */
export function watchFolder(folder: string): FolderWatch {
  let isDirty = false;
  let isEnded = false;
  let wake = (): void => {};
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name !== null && /\.(?:ya?ml|txt)$/.test(name)) isDirty = true;
    if (isDirty) wake();
  });
  const end = (): void => {
    isEnded = true;
    watcher.close();
    wake();
  };
  watcher.on('error', end);
  return {
    end,
    async changed() {
      while (!isDirty && !isEnded) await new Promise<void>((resolve) => (wake = resolve));
      if (isEnded) return false;
      await delay(settleMs);
      isDirty = false;
      return !isEnded;
    },
  };
}
