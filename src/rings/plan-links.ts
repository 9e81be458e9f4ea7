import type { CombineHashes, HashIdentifier } from '../model/entity.js';
import { type HashedSignals, type Hashes, joinHashes, keyOver } from '../model/hashed-signals.js';
import type { LinkSpec } from '../model/link.js';
import type { LinkUse, RingTrace } from '../model/ring.js';
import type { Slots } from '../model/value.js';

/** What links are made of, and where an event type's slots hold what is counted of members. */
export interface LinkSlots {
  readonly links: readonly LinkSpec[];
  readonly prefix: number | undefined;
  readonly asn: number | undefined;
  readonly template: number | undefined;
}

interface LinkPlan {
  /** Every declared link whose key this event knows. */
  keys(hashes: Hashes): LinkUse[];
  /** What the ring worker is to know of the event, with the links that count. */
  trace(used: readonly LinkUse[], slots: Slots): RingTrace;
}

interface LinkHashing {
  /** What keys are made of is placed here. */
  readonly signals: HashedSignals;
  readonly hash: HashIdentifier;
  /** Joined end to end by default. */
  readonly combine?: CombineHashes | undefined;
}

/** Of a link's id: enough to tell the versions of one link apart. */
const idLength = 8;

/**
 * Prepared once for each event type when a rule set is loaded. An edited link has another id, and so other keys; values are
 * hashed under the names of their signals, as features hash them, so that an event hashes each of them once.
 */
export function planLinks({ links, prefix, asn, template }: LinkSlots, hashing: LinkHashing): LinkPlan {
  const { signals, hash, combine = joinHashes } = hashing;
  const planned = links.map(({ name, id, by }) => ({
    link: name,
    version: id.slice(0, idLength),
    places: by.map((signal) => signals.place(signal)),
  }));
  return {
    keys(hashes) {
      const uses: LinkUse[] = [];
      for (const { link, version, places } of planned) {
        const key = keyOver(places, hashes, combine);
        if (typeof key === 'string') uses.push({ link, key: version + key });
      }
      return uses;
    },
    trace: (used, slots) => ({
      links: used,
      prefix: textAt(slots, prefix, (text) => hash('ip.prefix', text)),
      asn: numberAt(slots, asn),
      template: textAt(slots, template, (text) => hash('device.template', text)),
    }),
  };
}

function textAt(slots: Slots, slot: number | undefined, shown: (text: string) => string): string | undefined {
  const reading = slot === undefined ? undefined : slots[slot];
  return typeof reading === 'string' ? shown(reading) : undefined;
}

function numberAt(slots: Slots, slot: number | undefined): number | undefined {
  const reading = slot === undefined ? undefined : slots[slot];
  return typeof reading === 'number' ? reading : undefined;
}
