import type { LinkSpec } from '../../model/link.js';
import type { LinkUse, RingSighting } from '../../model/ring.js';
import type { Instant } from '../../model/time.js';
import type { RingChanges } from '../../rings/ring-changes.js';
import type { RingEntry } from '../../rings/ring-entry.js';
import { RingGraph } from '../../rings/ring-graph.js';
import type { RingStore } from '../../rings/ring-store.js';

/** Rings in one process: what was applied is found at once. For replay, trials and tests. */
export class MemoryRings implements RingStore {
  readonly graph: RingGraph;

  constructor(links: readonly LinkSpec[]) {
    this.graph = new RingGraph(links);
  }

  apply(entry: RingEntry): RingChanges {
    return this.graph.apply(entry);
  }

  async find(accountId: string, links: readonly LinkUse[], at: Instant): Promise<RingSighting> {
    return this.graph.find(accountId, links, at);
  }
}

const nothingSeen: RingSighting = { byLink: new Map(), rings: new Map() };

/** For a rule set without links: there are no rings to know. */
export const noRings: RingStore = {
  find: async () => nothingSeen,
};
