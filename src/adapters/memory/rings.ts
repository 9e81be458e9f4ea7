import type { LinkSpec } from '../../model/link.js';
import type { LinkUse, RingSighting } from '../../model/ring.js';
import type { Instant } from '../../model/time.js';
import { ExpiryPace } from '../../rings/expiry-pace.js';
import type { RingChanges } from '../../rings/ring-changes.js';
import type { RingEntry } from '../../rings/ring-entry.js';
import { RingGraph, type RingMemberAt } from '../../rings/ring-graph.js';
import type { RingStore } from '../../rings/ring-store.js';

/** Rings in one process: what was applied is found at once. For replay, trials and tests. */
export class MemoryRings implements RingStore {
  readonly graph: RingGraph;
  readonly #pace = new ExpiryPace();

  constructor(links: readonly LinkSpec[]) {
    this.graph = new RingGraph(links);
  }

  apply(entry: RingEntry): RingChanges {
    if (entry.kind === 'event') this.#pace.took(entry.at);
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
    return step.value;
  }

  /** The same where it is time for it. Undefined where nothing was done. */
  expireWhenDue(): RingChanges | undefined {
    if (!this.#pace.isDue()) return undefined;
    const changes = this.expire(this.graph.now);
    this.#pace.rebuilt(this.graph.counts.accounts);
    return changes;
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
