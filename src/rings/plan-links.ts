import type { HashIdentifier } from '../model/entity.js';
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

export interface LinkPlan {
  /** Every declared link whose key this event knows. */
  keys(slots: Slots): LinkUse[];
  /** What the ring worker is to know of the event, with the links that count. */
  trace(used: readonly LinkUse[], slots: Slots): RingTrace;
}

/** Prepared once for each event type when a rule set is loaded. An edited link has another id, and so other keys. */
export function planLinks({ links, prefix, asn, template }: LinkSlots, hash: HashIdentifier): LinkPlan {
  return {
    keys: (slots) =>
      links.flatMap(({ spec, slots: by }) => {
        const values = by.map((slot) => slots[slot]);
        if (!values.every(isKnown)) return [];
        return [{ link: spec.name, key: hash(`link:${spec.id}`, JSON.stringify(values)) }];
      }),
    trace: (used, slots) => ({
      links: used,
      prefix: textAt(slots, prefix, (text) => hash('ip_prefix', text)),
      asn: numberAt(slots, asn),
      template: textAt(slots, template, (text) => text),
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
