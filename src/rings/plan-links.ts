import type { CombineHashes, HashIdentifier } from '../model/entity.js';
import type { LinkSpec } from '../model/link.js';
import type { LinkUse, RingTrace } from '../model/ring.js';
import { isKnown, type Slots } from '../model/value.js';

/** Where an event type's slots hold what links are made of. */
export interface LinkSlots {
  readonly links: readonly { readonly spec: LinkSpec; readonly slots: readonly number[] }[];
  readonly prefix: number | undefined;
  readonly asn: number | undefined;
  readonly template: number | undefined;
}

interface LinkPlan {
  /** Every declared link whose key this event knows. */
  keys(slots: Slots): LinkUse[];
  /** What the ring worker is to know of the event, with the links that count. */
  trace(used: readonly LinkUse[], slots: Slots): RingTrace;
}

interface LinkHashing {
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
  const { hash } = hashing;
  return {
    keys(slots) {
      const uses: LinkUse[] = [];
      for (const link of links) {
        const key = keyOf(link, slots, hashing);
        if (key !== undefined) uses.push({ link: link.spec.name, key });
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

/** Undefined when a part of the key is absent or could not be had. */
function keyOf(
  { spec, slots: by }: LinkSlots['links'][number],
  slots: Slots,
  { hash, combine }: LinkHashing,
): string | undefined {
  const hashes: string[] = [];
  for (const [part, slot] of by.entries()) {
    const reading = slots[slot];
    if (!isKnown(reading)) return undefined;
    hashes.push(hash(spec.by[part] ?? '', String(reading)));
  }
  return spec.id.slice(0, idLength) + (combine === undefined ? hashes.join('') : combine(hashes));
}

function textAt(slots: Slots, slot: number | undefined, shown: (text: string) => string): string | undefined {
  const reading = slot === undefined ? undefined : slots[slot];
  return typeof reading === 'string' ? shown(reading) : undefined;
}

function numberAt(slots: Slots, slot: number | undefined): number | undefined {
  const reading = slot === undefined ? undefined : slots[slot];
  return typeof reading === 'number' ? reading : undefined;
}
