import type { ReadFiles } from './collect-declarations.js';
import type { ReadLists } from './read-list-files.js';
import type { ReadRules } from './read-rules.js';

interface Kept {
  readonly files: ReadFiles;
  readonly lists: ReadLists;
  readonly rules: ReadRules;
}

/** What the last load read, right or wrong: the next one reads only what differs from it. */
export class LoadMemory {
  #kept: Kept | undefined;

  get files(): ReadFiles {
    return this.#kept?.files ?? new Map();
  }

  get lists(): ReadLists {
    return this.#kept?.lists ?? new Map();
  }

  get rules(): ReadRules | undefined {
    return this.#kept?.rules;
  }

  keep(kept: Kept): void {
    this.#kept = kept;
  }
}
