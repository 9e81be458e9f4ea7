import type { LinkSpec } from '../../model/link.js';
import type { LinkUse, RingSighting } from '../../model/ring.js';
import type { Instant } from '../../model/time.js';
import type { RingChanges } from '../../rings/ring-changes.js';
import type { RingEntry } from '../../rings/ring-entry.js';
import { RingGraph, type RingMemberAt } from '../../rings/ring-graph.js';
import type { RingStore } from '../../rings/ring-store.js';

/** The service rebuilds each hour, beside its work; here whoever applies has to wait for it. */
const rebuildAfterMs = 24 * 3_600_000;

/** Rings in one process: what was applied is found at once. For replay, trials and tests. */
export class MemoryRings implements RingStore {
  readonly graph: RingGraph;
  #rebuiltAt: Instant | undefined;
  #appliedSince = 0;

  constructor(links: readonly LinkSpec[]) {
    this.graph = new RingGraph(links);
  }

  apply(entry: RingEntry): RingChanges {
    this.#appliedSince++;
    return this.graph.apply(entry);
  }

  async find(accountId: string, links: readonly LinkUse[], at: Instant): Promise<RingSighting> {
    return this.graph.find(accountId, links, at);
  }

  /** Rebuilds without what is past its ttl. */
  expire(now: Instant): RingChanges {
    const steps = this.graph.expire(now);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    this.#rebuiltAt = now;
    this.#appliedSince = 0;
    return step.value;
  }

  /**
   * The same where it is worth it: a day of event time has passed, and as many entries as there are accounts, so that an
   * entry costs the same however long the file is. Undefined where nothing was done.
   */
  expireWhenDue(now: Instant): RingChanges | undefined {
    this.#rebuiltAt ??= now;
    if (now - this.#rebuiltAt < rebuildAfterMs || this.#appliedSince < this.graph.counts.accounts) return undefined;
    return this.expire(now);
  }

  sizeOf(ringId: string, at: Instant): number {
    return this.graph.read(ringId, at)?.size ?? 0;
  }

  membersOf(ringId: string): readonly RingMemberAt[] {
    return this.graph.membersOf(ringId);
  }
}

const nothingSeen: RingSighting = { byLink: new Map(), rings: new Map() };

/** For a rule set without links: there are no rings to know. */
export const noRings: RingStore = {
  find: async () => nothingSeen,
};
