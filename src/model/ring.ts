import { linksMost } from './link.js';
import type { Instant } from './time.js';
import type { ValueType } from './value.js';

/** What one event brings to the rings: stored with its decision, read by the ring worker. Keys are hashes. */
export interface RingTrace {
  readonly links: readonly LinkUse[];
  /** Hash of `ip.prefix`. */
  readonly prefix?: string | undefined;
  readonly asn?: number | undefined;
  /** Hash of `device.template`; older traces have it as it is. */
  readonly template?: string | undefined;
}

/** One declared link that this event has (its `when`, if any, was true). */
export interface LinkUse {
  readonly link: string;
  readonly key: string;
}

/** A ring as seen from one event's links, before conditions on links are known. */
export interface RingSighting {
  /** The ring the account is in already. */
  readonly own?: string | undefined;
  /** Ring that each link's key leads to, by name of the link; a key without a ring and a hub are not in it. */
  readonly byLink: ReadonlyMap<string, string>;
  /** Statistics of every ring named above. */
  readonly rings: ReadonlyMap<string, RingReading>;
}

/** Statistics of the ring that an account belongs to, or would join by what its event shares. */
export interface RingReading {
  readonly ringId: string;
  /** Accounts, this one included; saturates at `ringSizeMost`. */
  readonly size: number;
  /** Accounts that joined in the hour before. */
  readonly growth1h: number;
  /** Since the ring was first seen, milliseconds. */
  readonly ageMs: number;
  /** Different strong keys that hold it together. */
  readonly strongLinks: number;
  /** Different declared links that hold it together. */
  readonly families: number;
  readonly distinctPrefixes: number;
  readonly distinctAsns: number;
  /** Held or denied, fraction of one. */
  readonly heldShare: number;
  readonly fraudLabels: number;
  readonly verifiedShare: number;
  /** Largest share of one device template. */
  readonly purity: number;
}

export const ringSizeMost = 10_000;
/** Different prefixes and networks of a ring's members are counted up to this many. */
export const ringDistinctMost = 256;

export interface RingInput {
  readonly name: string;
  readonly type: ValueType;
  readonly doc: string;
  readonly unit?: string;
  readonly range: readonly [least: number, most: number];
  readonly read: (ring: RingReading) => number;
}

const hourMs = 3_600_000;
const share = [0, 1] as const;
const ofMembers = [0, ringSizeMost] as const;
const distinct = [0, ringDistinctMost] as const;

/** The `ring.` inputs of the rule language. All are absent where an account is in no ring. */
export const ringInputs: readonly RingInput[] = [
  {
    name: 'ring.size',
    type: 'number',
    doc: 'Accounts in the ring, this one included; stops at 10,000.',
    range: [1, ringSizeMost],
    read: (ring) => ring.size,
  },
  {
    name: 'ring.growth_1h',
    type: 'number',
    doc: 'Accounts that joined the ring in the last hour.',
    range: ofMembers,
    read: (ring) => ring.growth1h,
  },
  {
    name: 'ring.age_h',
    type: 'number',
    doc: 'Age of the ring.',
    unit: 'h',
    range: [0, Number.POSITIVE_INFINITY],
    read: (ring) => ring.ageMs / hourMs,
  },
  {
    name: 'ring.strong_links',
    type: 'number',
    doc: 'Strong keys that hold the ring together.',
    range: [0, Number.POSITIVE_INFINITY],
    read: (ring) => ring.strongLinks,
  },
  {
    name: 'ring.families',
    type: 'number',
    doc: 'Kinds of links that hold the ring together.',
    range: [0, linksMost],
    read: (ring) => ring.families,
  },
  {
    name: 'ring.distinct_prefixes',
    type: 'number',
    doc: 'Network prefixes of its members; stops at 256.',
    range: distinct,
    read: (ring) => ring.distinctPrefixes,
  },
  {
    name: 'ring.distinct_asns',
    type: 'number',
    doc: 'Autonomous systems of its members; stops at 256.',
    range: distinct,
    read: (ring) => ring.distinctAsns,
  },
  {
    name: 'ring.held_share',
    type: 'number',
    doc: 'Share of members that are held or denied, 0 to 1.',
    range: share,
    read: (ring) => ring.heldShare,
  },
  {
    name: 'ring.fraud_labels',
    type: 'number',
    doc: 'Members known to be fraudulent.',
    range: ofMembers,
    read: (ring) => ring.fraudLabels,
  },
  {
    name: 'ring.verified_share',
    type: 'number',
    doc: 'Share of members that passed a verification, 0 to 1.',
    range: share,
    read: (ring) => ring.verifiedShare,
  },
  {
    name: 'ring.purity',
    type: 'number',
    doc: 'Largest share of members with one device template, 0 to 1.',
    range: share,
    read: (ring) => ring.purity,
  },
];

/** What is known of an account beside its links; a later one replaces an earlier one. */
export interface AccountStanding {
  readonly accountId: string;
  readonly at: Instant;
  /** Held or denied now. */
  readonly held: boolean;
  readonly fraud: boolean;
  readonly verified: boolean;
}
