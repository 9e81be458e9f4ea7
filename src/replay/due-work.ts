import type { Instant } from '../model/time.js';

/** Something that happens between events, at times of its own. */
export interface DueWork {
  /** When it is due next; undefined = nothing is. */
  nextAt(): Instant | undefined;
  /** Does what is due first; the clock is there. */
  run(): Promise<void>;
}

/** What is due first; of several at the same time the one that stands first. */
export function earliest(works: readonly DueWork[]): { readonly work: DueWork; readonly at: Instant } | undefined {
  let first: { readonly work: DueWork; readonly at: Instant } | undefined;
  for (const work of works) {
    const at = work.nextAt();
    if (at !== undefined && (first === undefined || at < first.at)) first = { work, at };
  }
  return first;
}
