import type { LinkSpec } from '../../src/model/link.js';
import type { AccountStanding, RingReading } from '../../src/model/ring.js';
import type { Instant } from '../../src/model/time.js';
import type { RingEntry } from '../../src/rings/ring-entry.js';

type EventEntry = Extract<RingEntry, { kind: 'event' }>;

interface OracleAccount {
  readonly id: string;
  firstSeen: Instant;
  standing: AccountStanding;
  /** Undefined while it is alone. */
  joined: Instant | undefined;
  prefix?: string | undefined;
  asn?: number | undefined;
  template?: string | undefined;
}

interface OracleKey {
  readonly link: LinkSpec;
  readonly name: string;
  /** In the order in which they came, with their last use. */
  users: Map<string, Instant>;
  hub: boolean;
  lastUse: Instant;
}

/** Two accounts that were joined, or one that a link holds in its ring, and by which link. */
interface Bond {
  readonly one: string;
  readonly other: string;
  readonly link: string;
}

const minute = 60_000;
/** To the minute. */
const counts = ({ ttlMs }: LinkSpec, usedAt: Instant, at: Instant): boolean =>
  Math.floor(at / minute) - Math.floor(usedAt / minute) <= ttlMs / minute;
const week = 7 * 86_400_000;
const looked = 64;

/** Rings the slow way: components are searched anew each time, statistics are counted anew from the members. */
export class RingOracle {
  accounts = new Map<string, OracleAccount>();
  keys = new Map<string, OracleKey>();
  /** Keys that ran out and were begun anew; rings count them until the next rebuild. */
  retired: OracleKey[] = [];
  bonds: Bond[] = [];
  now: Instant = 0;

  constructor(readonly links: readonly LinkSpec[]) {}

  apply(entry: RingEntry): void {
    this.now = Math.max(this.now, entry.at);
    if (entry.kind === 'event') this.#event(entry);
    else this.#standing(entry);
  }

  /** Everyone in the ring of this account; empty when it is alone. */
  ringOf(account: string): string[] {
    const found = new Set([account]);
    for (let before = 0; before !== found.size; ) {
      before = found.size;
      for (const { one, other } of this.bonds) {
        if (found.has(one)) found.add(other);
        if (found.has(other)) found.add(one);
      }
    }
    return found.size < 2 ? [] : [...found].sort();
  }

  /** Has any of them used a key of late? A ring of which nobody has is not believed. */
  isRingAlive(members: readonly string[], at: Instant): boolean {
    return [...this.keys.values(), ...this.retired].some(({ users, link }) =>
      members.some((id) => users.has(id) && counts(link, users.get(id) ?? 0, at)),
    );
  }

  read(members: readonly string[], at: Instant): Omit<RingReading, 'ringId' | 'ageMs'> {
    const all = members.flatMap((id) => this.accounts.get(id) ?? []);
    const inRing = new Set(members);
    const share = (is: (account: OracleAccount) => boolean): number => all.filter(is).length / all.length;
    const different = (values: readonly unknown[]): number => new Set(values.filter((v) => v !== undefined)).size;
    const templates = all.flatMap(({ template }) => template ?? []);
    const most = Math.max(0, ...templates.map((one) => templates.filter((other) => other === one).length));
    const minute = Math.floor(at / 60_000);
    return {
      size: all.length,
      growth1h: all.filter(({ joined }) => {
        const age = minute - Math.floor((joined ?? 0) / 60_000);
        return age >= 0 && age <= 60;
      }).length,
      strongLinks: [...this.keys.values(), ...this.retired].filter(
        ({ link, hub, users }) =>
          link.strength === 'strong' && !hub && users.size > 1 && [...users.keys()].some((id) => inRing.has(id)),
      ).length,
      families: different(this.bonds.filter(({ one }) => inRing.has(one)).map(({ link }) => link)),
      distinctPrefixes: different(all.map(({ prefix }) => prefix)),
      distinctAsns: different(all.map(({ asn }) => asn)),
      heldShare: share(({ standing }) => standing.held),
      fraudLabels: all.filter(({ standing }) => standing.fraud).length,
      verifiedShare: share(({ standing }) => standing.verified),
      purity: most / all.length,
    };
  }

  /** From the uses that still count, as if they had all come now, account by account. */
  rebuild(now: Instant): void {
    this.now = Math.max(this.now, now);
    const uses = [...this.retired, ...this.keys.values()].flatMap(({ users, name, link }) =>
      [...users].filter(([, at]) => counts(link, at, now)).map(([account, at]) => ({ account, at, name, link })),
    );
    const accounts = [...this.accounts.values()].filter(
      ({ id, standing: { held, fraud, verified } }) =>
        held || fraud || verified || uses.some(({ account }) => account === id),
    );
    const joined = new Map(accounts.map((account) => [account.id, account.joined]));
    this.accounts = new Map(accounts.map((account) => [account.id, { ...account, joined: undefined }]));
    this.keys = new Map();
    this.retired = [];
    this.bonds = [];
    for (const { id } of accounts)
      for (const { account, at, name, link } of uses) if (account === id) this.#touch(name, link, id, at);
    for (const key of this.keys.values()) key.hub = this.#isHub(key);
    const linking = (id: string) => [...this.keys.values()].filter(({ users, hub }) => users.has(id) && !hub);
    for (const { id } of accounts) for (const key of linking(id)) this.#bindStrong(key, id, now);
    for (const { id } of accounts) this.#bindWeak(id, linking(id), now);
    for (const account of this.accounts.values())
      if (this.ringOf(account.id).length > 0) account.joined = joined.get(account.id) ?? now;
  }

  isAlive({ lastUse, link }: OracleKey, at: Instant): boolean {
    return counts(link, lastUse, at);
  }

  #event({ accountId, at, trace }: EventEntry): void {
    const account = this.#account(accountId, at);
    account.firstSeen = Math.min(account.firstSeen, at);
    account.prefix ??= trace.prefix;
    account.asn ??= trace.asn;
    account.template ??= trace.template;
    const fresh = trace.links.flatMap(({ link, key }) => {
      const spec = this.links.find(({ name }) => name === link);
      return spec === undefined ? [] : (this.#touch(`${link} ${key}`, spec, accountId, at) ?? []);
    });
    for (const key of fresh) this.#watch(key);
    for (const key of fresh) if (!key.hub) this.#bindStrong(key, accountId, at);
    this.#bindWeak(accountId, fresh, at);
  }

  #standing(standing: AccountStanding): void {
    const account = this.#account(standing.accountId, standing.at);
    if (standing.at < account.standing.at) return;
    account.standing = standing;
    // The newest first, as when a key is looked at because of an event.
    for (const key of this.keys.values()) if (key.users.has(account.id)) this.#watch(key);
  }

  #account(id: string, at: Instant): OracleAccount {
    const known = this.accounts.get(id);
    if (known !== undefined) return known;
    const standing = { accountId: id, at: 0, held: false, fraud: false, verified: false };
    const account: OracleAccount = { id, firstSeen: at, standing, joined: undefined };
    this.accounts.set(id, account);
    return account;
  }

  /** The key when the account is new on it. */
  #touch(name: string, link: LinkSpec, account: string, at: Instant): OracleKey | undefined {
    let key = this.keys.get(name);
    if (key !== undefined && !this.isAlive(key, at)) {
      this.retired.push(key);
      key = undefined;
    }
    key ??= { link, name, users: new Map(), hub: false, lastUse: at };
    this.keys.set(name, key);
    key.lastUse = Math.max(key.lastUse, at);
    const before = key.users.get(account);
    key.users.set(account, Math.max(before ?? 0, at));
    return before === undefined ? key : undefined;
  }

  #isHub({ users, link }: OracleKey): boolean {
    const all = [...users.keys()].flatMap((id) => this.accounts.get(id) ?? []);
    const out = all.filter(({ standing }) => standing.held || standing.fraud);
    const trusted = all.filter(
      (one) => !out.includes(one) && (one.standing.verified || one.firstSeen < this.now - week),
    );
    if (users.size > link.hubCap) return true;
    return trusted.length >= 3 && trusted.length >= users.size / 5 && trusted.length > out.length;
  }

  #watch(key: OracleKey): void {
    const hub = this.#isHub(key);
    if (hub === key.hub) return;
    key.hub = hub;
    if (!hub) for (const account of key.users.keys()) this.#bindStrong(key, account, this.now);
  }

  #bindStrong({ link, users }: OracleKey, account: string, at: Instant): void {
    if (link.strength !== 'strong') return;
    for (const other of users.keys()) if (other !== account) this.#bind(account, other, [link.name], at);
  }

  #bindWeak(account: string, fresh: readonly OracleKey[], at: Instant): void {
    const isUsable = ({ link, users, hub, lastUse }: OracleKey): boolean =>
      link.strength === 'weak' && users.size > 1 && !hub && counts(link, lastUse, at);
    if (!fresh.some(isUsable)) return;
    const keys = [...this.keys.values()].filter((key) => key.users.has(account) && isUsable(key));
    const byOther = new Map<string, { members: string[]; links: Set<string> }>();
    for (const { users, link } of keys)
      for (const other of [...users.keys()].reverse().slice(0, looked)) {
        if (other === account) continue;
        const members = this.ringOf(other);
        const name = (members.length > 0 ? members : [other]).join();
        const seen = byOther.get(name) ?? { members: [other], links: new Set() };
        seen.links.add(link.sameAs ?? link.name);
        byOther.set(name, seen);
      }
    for (const { members, links } of byOther.values())
      if (links.size > 1) for (const other of members) this.#bind(account, other, [...links], at);
  }

  #bind(one: string, other: string, links: readonly string[], at: Instant): void {
    for (const link of links) this.bonds.push({ one, other, link });
    for (const id of [one, other]) {
      const account = this.accounts.get(id);
      if (account !== undefined) account.joined ??= at;
    }
  }
}
