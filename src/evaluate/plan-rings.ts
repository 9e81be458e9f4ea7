import type { CombineHashes, HashIdentifier } from '../model/entity.js';
import type { HashedSignals, Hashes } from '../model/hashed-signals.js';
import { type LinkUse, type RingReading, type RingSighting, type RingTrace, ringInputs } from '../model/ring.js';
import { type Slots, Unavailable } from '../model/value.js';
import { joinedRing } from '../rings/joined-ring.js';
import { planLinks } from '../rings/plan-links.js';
import type { EventNeeds, RuleSet } from '../ruleset/rule-set.js';

/** The ring of one event, and what the ring worker is to know of it. */
export interface RingFinding {
  readonly ring: RingReading | undefined;
  /** Undefined where the event has no link that counts. */
  readonly trace: RingTrace | undefined;
}

/** How one event type finds its ring; prepared once when a rule set is loaded. */
export interface RingPlan {
  /** Links whose key is known, whatever their conditions. */
  keys(hashes: Hashes): readonly LinkUse[];
  /** Decides which links count, which ring they make, and writes what rules read of it. */
  settle(keys: readonly LinkUse[], sighting: RingSighting | Unavailable, slots: Slots): RingFinding;
  /** The same without the trace: where the event leads to no other ring, which links count is not looked at. */
  read(keys: readonly LinkUse[], sighting: RingSighting | Unavailable, slots: Slots): RingFinding;
}

interface RingHashing {
  readonly signals: HashedSignals;
  readonly hash: HashIdentifier;
  readonly combine?: CombineHashes | undefined;
}

/** Undefined for a rule set without links: nothing is asked then. */
export function planRings(needs: EventNeeds, ruleSet: RuleSet, hashing: RingHashing): RingPlan | undefined {
  if (ruleSet.links.length === 0) return undefined;
  const plan = planLinks(needs.links, hashing);
  const specs = new Map(ruleSet.links.map(({ spec }) => [spec.name, spec]));
  const targets = ringInputs.flatMap(({ name, read }) => {
    const slot = needs.rings.find((need) => need.name === name)?.slot;
    return slot === undefined ? [] : [{ slot, read }];
  });
  const usedOf = (keys: readonly LinkUse[], slots: Slots): readonly LinkUse[] => {
    const counting = ruleSet.countingLinks(slots);
    return keys.filter(({ link }) => counting.has(link));
  };
  const join = (used: readonly LinkUse[], sighting: RingSighting | Unavailable, slots: Slots) => {
    const lost = sighting instanceof Unavailable;
    const ring = lost ? undefined : joinedRing(sighting, used, specs);
    for (const { slot, read } of targets) slots[slot] = lost ? sighting : ring === undefined ? undefined : read(ring);
    return ring;
  };
  return {
    keys: (hashes) => plan.keys(hashes),
    settle(keys, sighting, slots) {
      const used = usedOf(keys, slots);
      const ring = join(used, sighting, slots);
      return { ring, trace: used.length === 0 ? undefined : plan.trace(used, slots) };
    },
    read(keys, sighting, slots) {
      const leads = !(sighting instanceof Unavailable) && sighting.own === undefined && sighting.byLink.size > 0;
      return { ring: join(leads ? usedOf(keys, slots) : nothing, sighting, slots), trace: undefined };
    },
  };
}

const nothing: readonly LinkUse[] = [];
