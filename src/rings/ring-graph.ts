import type { LinkSpec } from '../model/link.js';
import type { AccountStanding, LinkUse, RingReading, RingSighting } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import { describeAll } from './describe-all.js';
import { type Digest, digestOf, keyDigest } from './digest.js';
import { isTimeToCount } from './hub-rule.js';
import { forgetKey, linkStrong, watchKey } from './hub-watch.js';
import { linkWeak } from './link-weak.js';
import { readSnapshot } from './read-snapshot.js';
import { rebuildRings } from './rebuild-rings.js';
import type { Ring } from './ring.js';
import { ChangeLog, noChanges, type RingChanges } from './ring-changes.js';
import { RingComponents } from './ring-components.js';
import type { RingEntry } from './ring-entry.js';
import { writeSnapshot } from './write-snapshot.js';

type EventEntry = Extract<RingEntry, { kind: 'event' }>;

export interface RingMemberAt {
  readonly accountId: string;
  readonly joinedAt: Instant;
}

interface KeyTouches {
  readonly account: number;
  readonly links: readonly LinkUse[];
  readonly at: Instant;
}

interface TouchedKeys {
  /** Keys that the account is new on. */
  readonly fresh: readonly number[];
  /** Keys that link for longer than before. */
  readonly prolonged: readonly number[];
}

type RingCounts = {
  readonly accounts: number;
  readonly rings: number;
  readonly keys: number;
  /** Pairs of an account and a key. */
  readonly uses: number;
};

interface KnownLink {
  readonly row: number;
  /** Of its name, with which the digests of its keys begin. */
  readonly digest: Digest;
}

const byName = (links: readonly LinkSpec[]): ReadonlyMap<string, KnownLink> =>
  new Map(links.map(({ name }, row) => [name, { row, digest: digestOf(name) }]));

/** Rings as one reader of the stream knows them, in memory. The same entries in the same order make the same rings. */
export class RingGraph {
  #components: RingComponents;
  #links: ReadonlyMap<string, KnownLink>;
  /** Counts entries, so that a rebuild or a snapshot notices when one comes between its slices. */
  #applied = 0;
  /** Empty: the changes of the next entry that makes some. */
  #log = new ChangeLog();
  /** The latest instant that an entry told. */
  #now: Instant = 0;

  constructor(links: readonly LinkSpec[]) {
    this.#components = new RingComponents(links);
    this.#links = byName(links);
  }

  /**
   * Takes in one entry; tells what it changed. Bounded work, however large the rings are. An entry that claims to be of later
   * than `latest` says nothing of the time: by one alone, everybody would be of long standing and all links would have run out.
   */
  apply(entry: RingEntry, latest: Instant = Number.POSITIVE_INFINITY): RingChanges {
    const log = this.#log;
    this.#applied++;
    if (entry.at <= latest) this.#now = Math.max(this.#now, entry.at);
    if (entry.kind === 'event') this.#applyEvent(entry, log);
    else this.#applyStanding(entry, log);
    if (log.isEmpty) return noChanges;
    this.#log = new ChangeLog();
    return log;
  }

  /** The latest instant that an entry told; 0 before the first. */
  get now(): Instant {
    return this.#now;
  }

  /** Where an event's links lead, and the statistics of those rings at an instant. What has run out by then leads nowhere. */
  find(accountId: string, links: readonly LinkUse[], at: Instant): RingSighting {
    const { accounts, table } = this.#components;
    const own = this.#ringAt(accounts.find(accountId), at);
    const byLink = new Map<string, string>();
    const rings = new Map<string, RingReading>(own === undefined ? [] : [[own.id, own.read(at)]]);
    for (const { link, key } of links) {
      const known = this.#links.get(link);
      const row = known === undefined ? -1 : table.find(keyDigest(known.digest, key));
      const lead = row < 0 || !table.isAlive(row, at) ? -1 : table.lead(row);
      const ring = this.#ringAt(lead, at);
      if (ring === undefined) continue;
      byLink.set(link, ring.id);
      if (!rings.has(ring.id)) rings.set(ring.id, ring.read(at));
    }
    return { own: own?.id, byLink, rings };
  }

  /**
   * Rebuilds without what is past its ttl, without hubs, and with other links or marks when some are given; a pause after each slice
   * of well under a millisecond. Nothing may be applied until it has ended: that throws.
   */
  *expire(
    now: Instant,
    links = this.#components.table.links,
    marked = this.#components.marked,
  ): Generator<undefined, RingChanges> {
    const applied = this.#applied;
    this.#now = Math.max(this.#now, now);
    for (const rebuilding = rebuildRings({ old: this.#components, links, now, marked }); ; ) {
      const step = rebuilding.next();
      if (this.#applied !== applied) throw new Error('an entry came during a rebuild');
      if (step.done !== true) {
        yield;
        continue;
      }
      this.#components = step.value.components;
      this.#links = byName(links);
      return step.value.changes;
    }
  }

  #ringAt(account: number, at: Instant): Ring | undefined {
    const ring = account < 0 ? undefined : this.#components.ringOf(account);
    return ring !== undefined && at < ring.endsAt ? ring : undefined;
  }

  /** The ring that the account is in. */
  ringOf(accountId: string, at: Instant): string | undefined {
    return this.#ringAt(this.#components.accounts.find(accountId), at)?.id;
  }

  /** Statistics of a ring, also by the id of one that went into it. */
  read(ringId: string, at: Instant): RingReading | undefined {
    return this.#components.rings.resolve(ringId)?.read(at);
  }

  get links(): readonly LinkSpec[] {
    return this.#components.table.links;
  }

  /** Keys that people say are hubs, as of the last rebuild; a snapshot does not keep them. */
  get marked(): ReadonlySet<string> {
    return this.#components.marked;
  }

  /** How much there is, for metrics. */
  get counts(): RingCounts {
    const { accounts, rings, table } = this.#components;
    return { accounts: accounts.length, rings: rings.length, keys: table.keys, uses: table.uses };
  }

  /** Everything, in pieces of text; a pause after each. Nothing may be applied until it has ended: that throws. */
  *snapshot(): Generator<string> {
    const applied = this.#applied;
    for (const piece of writeSnapshot(this.#components, this.#now)) {
      if (this.#applied !== applied) throw new Error('an entry came during a snapshot');
      yield piece;
    }
  }

  /**
   * The graph that a snapshot was made of, with the links of then; a pause after each piece. Undefined when the pieces are of
   * another version or are not whole. Where links have changed since, `expire` with those of now.
   */
  static *restore(pieces: Iterable<string>): Generator<undefined, RingGraph | undefined> {
    const read = yield* readSnapshot(pieces);
    if (read === undefined) return undefined;
    const graph = new RingGraph(read.components.table.links);
    graph.#components = read.components;
    graph.#now = read.now;
    return graph;
  }

  /** Everything that is true now, as changes from nothing; a pause after each piece. For whoever lost what was told. */
  *everything(): Generator<RingChanges> {
    yield* describeAll(this.#components);
  }

  /** With everything that a projection needs of it. */
  ring(ringId: string): Ring | undefined {
    return this.#components.rings.resolve(ringId);
  }

  /** Members in the order in which they joined, then by id; none for an id that names no ring. */
  membersOf(ringId: string): RingMemberAt[] {
    const ring = this.#components.rings.resolve(ringId);
    if (ring === undefined) return [];
    const { accounts } = this.#components;
    const members = [...accounts.members(ring.anchor)].map((row) => ({
      accountId: accounts.id(row),
      joinedAt: accounts.joined(row),
    }));
    return members.sort((a, b) => a.joinedAt - b.joinedAt || (a.accountId < b.accountId ? -1 : 1));
  }

  /** The id under which the ring goes now; undefined when there is no such ring. */
  resolve(ringId: string): string | undefined {
    return this.#components.rings.resolve(ringId)?.id;
  }

  #applyEvent({ accountId, at, trace }: EventEntry, log: ChangeLog): void {
    const { accounts, table } = this.#components;
    const account = accounts.findOrAdd(accountId, at);
    if (accounts.seen(account, at)) this.#components.noteAccount(account);
    const traits = accounts.setTraits(account, trace);
    const ring = this.#components.ringOf(account);
    if (ring !== undefined && (traits.prefix !== 0 || traits.asn !== 0 || traits.template !== 0)) {
      ring.addTraits(traits);
      log.touched.add(ring.id);
    }
    const lasted = ring?.endsAt ?? 0;
    const { fresh, prolonged } = this.#touchKeys({ account, at, links: trace.links }, log);
    if (ring !== undefined && ring.endsAt > lasted) log.touched.add(ring.id);
    this.#watch(fresh, log);
    for (const key of fresh)
      if (table.spec(key).strength === 'strong' && !table.isHub(key))
        linkStrong(this.#components, { key, account, at }, log);
    linkWeak(this.#components, { account, at, fresh }, log);
    for (const key of fresh) this.#components.leadTo(key, account, log);
    for (const key of prolonged) this.#components.tellLead(key, log);
  }

  /** The cap is looked at each time: that costs nothing. */
  #watch(fresh: readonly number[], log: ChangeLog): void {
    const { table } = this.#components;
    for (const key of fresh) {
      const accounts = table.accounts(key);
      const isOver = accounts > table.spec(key).hubCap && !table.isHub(key);
      if (isOver || isTimeToCount(accounts)) watchKey(this.#components, key, this.#now, log);
    }
  }

  #touchKeys({ account, at, links }: KeyTouches, log: ChangeLog): TouchedKeys {
    const { table } = this.#components;
    const fresh: number[] = [];
    const prolonged: number[] = [];
    for (const use of links) {
      const key = this.#rowOf(use, at, log);
      if (key === undefined) continue;
      const lasted = table.endsAt(key);
      if (this.#components.use(account, key, at)) fresh.push(key);
      if (table.endsAt(key) > lasted) prolonged.push(key);
    }
    return { fresh, prolonged };
  }

  /** A link that is not declared any more is no link. */
  #rowOf({ link, key }: LinkUse, at: Instant, log: ChangeLog): number | undefined {
    const { table } = this.#components;
    const declared = this.#links.get(link);
    if (declared === undefined) return undefined;
    const digest = keyDigest(declared.digest, key);
    const known = table.find(digest);
    if (known < 0) return table.add(digest, declared.row);
    if (table.isAlive(known, at)) return known;
    forgetKey(this.#components, known, log);
    return table.renew(known);
  }

  #applyStanding(standing: AccountStanding, log: ChangeLog): void {
    const { accounts, table } = this.#components;
    const account = accounts.findOrAdd(standing.accountId, standing.at);
    const before = accounts.standing(account);
    if (!accounts.setStanding(account, standing)) return;
    this.#components.noteAccount(account);
    const ring = this.#components.ringOf(account);
    ring?.restate(before, standing);
    if (ring !== undefined) log.touched.add(ring.id);
    const keys: number[] = [];
    table.eachKey(account, (key) => keys.push(key));
    for (const key of keys) watchKey(this.#components, key, this.#now, log);
  }
}
