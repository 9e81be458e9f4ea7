import { type AccountStanding, type RingReading, ringDistinctMost, ringSizeMost } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import type { MemberTraits } from './account-table.js';
import { DistinctTally, FrequentTally, MinuteTally } from './ring-tally.js';

/** So many device templates are followed; with more of them the largest share is a lower bound. */
const templatesMost = 32;

type MemberStanding = Pick<AccountStanding, 'held' | 'fraud' | 'verified'>;

/** A member's part in the statistics. */
interface RingMember extends MemberStanding {
  readonly joined: Instant;
  readonly traits: MemberTraits;
}

/** A ring in a snapshot. */
export type StoredRing = [
  id: string,
  firstSeen: Instant,
  anchor: number,
  counts: [size: number, held: number, fraud: number, verified: number, strongKeys: number, linkBits: number],
  distinct: [prefixes: number[], asns: number[]],
  pairs: [templates: [number, number][], growth: [number, number][]],
];

/** Statistics of one ring: bounded in memory, read in constant time whatever its size. */
export class Ring {
  size = 0;
  held = 0;
  fraud = 0;
  verified = 0;
  /** Strong keys that more than one member uses and that are no hubs. */
  strongKeys = 0;
  /** One bit for each different link that joined members. */
  linkBits = 0;
  /** When the last use of a key by a member runs out: nobody believes the ring from then on, rebuilt or not. */
  endsAt: Instant = 0;
  /** Its position in the snapshot that is being written. */
  place = -1;
  /** Set when the ring went into another. */
  into: Ring | undefined;
  /** Of rings that went into it, and of those that had gone into them. */
  readonly formerIds: string[] = [];
  prefixes = new DistinctTally(ringDistinctMost);
  asns = new DistinctTally(ringDistinctMost);
  templates = new FrequentTally(templatesMost);
  growth = new MinuteTally();

  constructor(
    public id: string,
    public firstSeen: Instant,
    /** Row of one of its members: where a walk over all of them begins. */
    readonly anchor: number,
  ) {}

  add({ joined, held, fraud, verified, traits }: RingMember): void {
    this.size++;
    this.held += held ? 1 : 0;
    this.fraud += fraud ? 1 : 0;
    this.verified += verified ? 1 : 0;
    this.growth.add(joined);
    this.addTraits(traits);
  }

  addTraits({ prefix, asn, template }: MemberTraits): void {
    if (prefix !== 0) this.prefixes.add(prefix);
    if (asn !== 0) this.asns.add(asn);
    if (template !== 0) this.templates.add(template);
  }

  /** A member's use of a key counts until then. */
  lastUntil(end: Instant): void {
    this.endsAt = Math.max(this.endsAt, end);
  }

  /** A member's standing changed. */
  restate(before: MemberStanding, after: MemberStanding): void {
    this.held += Number(after.held) - Number(before.held);
    this.fraud += Number(after.fraud) - Number(before.fraud);
    this.verified += Number(after.verified) - Number(before.verified);
  }

  /** Takes over what another ring counted; the other stays as an alias. */
  absorb(other: Ring): void {
    this.size += other.size;
    this.held += other.held;
    this.fraud += other.fraud;
    this.verified += other.verified;
    this.strongKeys += other.strongKeys;
    this.linkBits |= other.linkBits;
    this.firstSeen = Math.min(this.firstSeen, other.firstSeen);
    this.lastUntil(other.endsAt);
    this.prefixes.addAll(other.prefixes);
    this.asns.addAll(other.asns);
    this.templates.addAll(other.templates);
    this.growth.addAll(other.growth);
    other.into = this;
  }

  toJSON(): StoredRing {
    return [
      this.id,
      this.firstSeen,
      this.anchor,
      [this.size, this.held, this.fraud, this.verified, this.strongKeys, this.linkBits],
      [this.prefixes.seen, this.asns.seen],
      [this.templates.toJSON(), this.growth.toJSON()],
    ];
  }

  static of([id, firstSeen, anchor, counts, distinct, pairs]: StoredRing): Ring {
    const ring = new Ring(id, firstSeen, anchor);
    [ring.size, ring.held, ring.fraud, ring.verified, ring.strongKeys, ring.linkBits] = counts;
    ring.prefixes = new DistinctTally(ringDistinctMost, distinct[0]);
    ring.asns = new DistinctTally(ringDistinctMost, distinct[1]);
    ring.templates = new FrequentTally(templatesMost, pairs[0]);
    ring.growth = new MinuteTally(pairs[1]);
    return ring;
  }

  isOlderThan(other: Ring): boolean {
    return this.firstSeen < other.firstSeen || (this.firstSeen === other.firstSeen && this.id < other.id);
  }

  read(at: Instant): RingReading {
    return {
      ringId: this.id,
      size: Math.min(ringSizeMost, this.size),
      growth1h: Math.min(ringSizeMost, this.growth.within(at)),
      ageMs: Math.max(0, at - this.firstSeen),
      strongLinks: this.strongKeys,
      families: bitCount(this.linkBits),
      distinctPrefixes: this.prefixes.count,
      distinctAsns: this.asns.count,
      heldShare: this.held / this.size,
      fraudLabels: Math.min(ringSizeMost, this.fraud),
      verifiedShare: this.verified / this.size,
      purity: this.templates.top / this.size,
    };
  }
}

function bitCount(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count++;
  return count;
}
