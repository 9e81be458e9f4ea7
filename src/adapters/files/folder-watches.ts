import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';

/** What begins with one dot is no rule: editors and git keep such files. `..data` is the link of a mounted volume. */
const isHidden = /^\.[^.]/;

/**
 * A watch of the system's on each of some folders that says no more than that something has changed in one of them. Nothing
 * is read or asked for: a checkout that writes a thousand files costs a thousand calls of one line. A folder that cannot be
 * watched (too many are) is left out.
 */
export class FolderWatches {
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(private readonly onChange: () => void) {}

  /** These and no others from now on. True when one of them was not watched before. */
  keep(folders: readonly string[]): boolean {
    const wanted = new Set(folders);
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#end(folder);
    let isNew = false;
    for (const folder of wanted) if (!this.#watchers.has(folder)) isNew = this.#begin(folder) || isNew;
    return isNew;
  }

  close(): void {
    this.keep([]);
  }

  #begin(folder: string): boolean {
    try {
      const watcher = watch(folder);
      this.#watchers.set(folder, watcher);
      watcher.on('change', (_event, name) => this.#hear(folder, watcher, name === null ? '' : String(name)));
      watcher.on('error', () => this.#watchers.get(folder) === watcher && this.#end(folder));
      return true;
    } catch {
      return false;
    }
  }

  #hear(folder: string, watcher: FSWatcher, name: string): void {
    // Its own name: it was moved or is gone, and its watch with it, even where another folder takes its place at once.
    if (name === basename(folder) && this.#watchers.get(folder) === watcher) this.#end(folder);
    if (!isHidden.test(name)) this.onChange();
  }

  #end(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
