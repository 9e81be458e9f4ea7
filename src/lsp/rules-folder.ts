import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type RuleFiles, readRuleFiles } from '../adapters/files/rule-files.js';
import { RuleIndex } from '../authoring/rule-index.js';
import { runInSlices } from '../model/steps.js';
import { inSlices } from './in-slices.js';

const nothing: RuleFiles = { files: new Map(), unreadable: [], unread: [] };

/** A rules folder as it is being edited: what is open in the editor wins over what is on disk. */
export class RulesFolder {
  readonly root: string;
  readonly #open = new Map<string, { readonly uri: string; readonly text: string }>();
  #disk: RuleFiles = nothing;
  #index = RuleIndex.empty;
  #isStale = true;
  #isRead = false;

  constructor(directory: string) {
    this.root = realOf(resolve(directory));
  }

  /** Looks at the disk again; a folder that is gone is an empty one. */
  async refresh(): Promise<void> {
    this.#disk = await readRuleFiles(this.root).catch(() => nothing);
    this.#isRead = true;
    this.#isStale = true;
  }

  /** Indexes in slices what has changed, so that the first question need not wait for all files. */
  async warm(): Promise<void> {
    const index = await runInSlices(RuleIndex.steps(this.files.files, this.#index), inSlices);
    if (index !== undefined && this.#isStale) this.#index = index;
  }

  /** False until the disk was looked at: what is open is not the whole yet. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Relative to the folder, with slashes; undefined for what is no part of it. */
  pathOf(uri: string): string | undefined {
    if (!uri.startsWith('file:')) return undefined;
    try {
      const path = relative(this.root, realOf(fileURLToPath(uri)));
      return path === '' || path.startsWith('..') ? undefined : path.split(sep).join('/');
    } catch {
      return undefined;
    }
  }

  /** As the editor writes it, where the file is open. */
  uriOf(path: string): string {
    return this.#open.get(path)?.uri ?? pathToFileURL(join(this.root, path)).href;
  }

  setOpen(path: string, uri: string, text: string): void {
    this.#open.set(path, { uri, text: text.replace(/^\uFEFF/, '') });
    this.#isStale = true;
  }

  close(path: string): void {
    this.#open.delete(path);
    this.#isStale = true;
  }

  get openPaths(): Iterable<string> {
    return this.#open.keys();
  }

  get files(): RuleFiles {
    const files = new Map(this.#disk.files);
    for (const [path, { text }] of this.#open) if (/\.(?:ya?ml|txt)$/.test(path)) files.set(path, text);
    const { unreadable, unread } = this.#disk;
    return { files, unreadable: unreadable.filter(({ path }) => !this.#open.has(path)), unread };
  }

  /** What all files declare; only what has changed is read again. */
  get index(): RuleIndex {
    if (this.#isStale) this.#index = RuleIndex.of(this.files.files, this.#index);
    this.#isStale = false;
    return this.#index;
  }
}

/** Without links; a file that is not there yet lies where its folder does. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realOf(parent), basename(path));
  }
}
