import type { LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import { AccountTable } from './account-table.js';
import { LinkTable } from './link-table.js';
import { Ring } from './ring.js';
import type { ChangeLog } from './ring-changes.js';
import { freeId, RingRegistry } from './ring-registry.js';

/** Accounts, keys and rings as they hang together; every change is told to a log. */
export class RingComponents {
  readonly accounts = new AccountTable();
  rings = new RingRegistry();
  readonly table: LinkTable;
  /** False while a rebuild joins everybody anew: what changed is found by comparing, afterwards. */
  isTelling = true;

  /** `marked`: keys that people say are hubs, by what they are called where rings are stored. */
  constructor(
    links: readonly LinkSpec[],
    readonly marked: ReadonlySet<string> = new Set(),
  ) {
    this.table = new LinkTable(links);
  }

  /** True when the account is new on the key. */
  use(account: number, key: number, at: Instant): boolean {
    const isNew = this.table.use(account, key, at);
    if (isNew) this.table.note(key, this.accounts.firstSeen(account), this.accounts.isVerified(account));
    this.ringOf(account)?.lastUntil(this.table.useEndsAt(key, at));
    return isNew;
  }

  /** What the account's keys have to know of it, when that changed. */
  noteAccount(account: number): void {
    const firstSeen = this.accounts.firstSeen(account);
    const verified = this.accounts.isVerified(account);
    this.table.eachKey(account, (key) => this.table.note(key, firstSeen, verified));
  }

  ringOf(account: number): Ring | undefined {
    return this.rings.at(this.accounts.root(account));
  }

  /** Puts two accounts, with all that hangs on them, into one ring. */
  join(one: number, other: number, at: Instant, log: ChangeLog): Ring {
    const [first, second] = [this.accounts.root(one), this.accounts.root(other)];
    const there = this.rings.at(first);
    if (first === second && there !== undefined) return there;
    const ring = this.#common(there, this.rings.at(second), { first, second, at }, log);
    const lone = [first, second].filter((row) => this.rings.at(row) === undefined);
    this.rings.place(this.accounts.unite(first, second).root, ring);
    for (const row of lone) this.#enter(row, ring, at, log);
    log.touched.add(ring.id);
    return ring;
  }

  #common(
    one: Ring | undefined,
    other: Ring | undefined,
    { first, second, at }: { first: number; second: number; at: Instant },
    log: ChangeLog,
  ): Ring {
    if (one !== undefined && other !== undefined) return this.#merge(one, other, at, log);
    const there = one ?? other;
    if (there !== undefined) return there;
    const founder = Math.min(first, second);
    const ring = new Ring(freeId(this.accounts.id(founder), at, [this.rings]), at, founder);
    this.rings.add(ring);
    log.created.push(ring.id);
    return ring;
  }

  /** The older ring's id stays, the other's becomes an alias. */
  #merge(one: Ring, other: Ring, at: Instant, log: ChangeLog): Ring {
    const [into, from] = one.isOlderThan(other) ? [one, other] : [other, one];
    into.absorb(from);
    for (const id of from.formerIds) into.formerIds.push(id);
    this.rings.alias(from.id, into, at);
    log.merged.push({ from: from.id, into: into.id });
    for (const id of from.formerIds) log.aliases.push(id);
    log.aliases.push(from.id);
    log.touched.delete(from.id);
    return into;
  }

  /** A lone account becomes a member, and its keys lead to the ring. */
  #enter(row: number, ring: Ring, at: Instant, log: ChangeLog): void {
    // A rebuild knows when it joined.
    const joined = this.accounts.joined(row) || at;
    this.accounts.setJoined(row, joined);
    const { held, fraud, verified } = this.accounts.standing(row);
    ring.add({ joined, held, fraud, verified, traits: this.accounts.traits(row) });
    if (this.isTelling) log.members.push({ accountId: this.accounts.id(row), ringId: ring.id, joinedAt: joined });
    this.table.eachKey(row, (key, usedAt) => {
      ring.lastUntil(this.table.useEndsAt(key, usedAt));
      this.leadTo(key, row, log);
    });
  }

  /** A key leads to the largest ring of those who use it, as large as they were when they came. */
  leadTo(key: number, account: number, log: ChangeLog): void {
    const ring = this.ringOf(account);
    if (ring === undefined || this.table.isHub(key) || this.table.isRetired(key)) return;
    const lead = this.table.lead(key);
    const before = lead < 0 ? undefined : this.ringOf(lead);
    if (before !== undefined && (before === ring || before.size >= ring.size)) return;
    this.table.setLead(key, account);
    if (this.isTelling) this.tellLead(key, log);
  }

  /** Where the key leads and how long; nothing of one that leads nowhere. */
  tellLead(key: number, log: ChangeLog): void {
    const { table } = this;
    const lead = table.lead(key);
    const ring = lead < 0 ? undefined : this.ringOf(lead);
    if (ring === undefined) return;
    log.keys.push({ link: table.spec(key).name, key: table.text(key), ringId: ring.id, endsAt: table.endsAt(key) });
  }
}
