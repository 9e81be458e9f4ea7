import { evidenceOf, type LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import { type Digest, digestText } from './digest.js';
import { DigestIndex } from './digest-index.js';
import { minuteIn, minuteMs, minuteOf } from './minute.js';
import { IntColumn, IntRecords } from './paged-column.js';

const none = -1;

/** An account is remembered with this many keys; a further one still joins it to rings, and is not remembered. */
const mostKeysOfAccount = 128;

/** Fields of a key: `lastUse` and `oldest` are minutes; `lead` and `newestUse` are one more than the row they name: 0 is none. */
const keyField = { link: 0, accounts: 1, lastUse: 2, flags: 3, oldest: 4, lead: 5, newestUse: 6 } as const;
const keyFlag = { hub: 1, counted: 2, retired: 4, verified: 8 } as const;
/** Fields of a use: `at` is a minute; the older ones of its key and of its account are one more than the row. */
const useField = { account: 0, key: 1, at: 2, olderOfKey: 3, olderOfAccount: 4 } as const;

/** Keys, and which accounts use them: rows of numbers, because there are many millions. */
export class LinkTable {
  readonly #index = new DigestIndex();
  readonly #keys = new IntRecords(7);
  readonly #use = new IntRecords(5);
  /** Of each account, one more than the row. */
  readonly #newestUseOfAccount = new IntColumn();
  /** Of each link; links that are the same evidence have one. */
  readonly #bits: readonly number[];
  #uses = 0;

  constructor(readonly links: readonly LinkSpec[]) {
    const kinds = [...new Set(links.map(evidenceOf))];
    this.#bits = links.map((link) => 1 << kinds.indexOf(evidenceOf(link)));
  }

  get keys(): number {
    return this.#index.length;
  }

  get uses(): number {
    return this.#uses;
  }

  find(digest: Digest): number {
    return this.#index.find(digest);
  }

  add(digest: Digest, link: number): number {
    const key = this.#index.add(digest);
    this.#keys.set(key, keyField.link, link);
    return key;
  }

  /** A key that was not used for its ttl starts anew: those who used it before are no longer on it. */
  renew(old: number): number {
    const key = this.#index.replace(this.#index.digest(old));
    this.#keys.set(key, keyField.link, this.link(old));
    this.#setFlag(old, keyFlag.retired, true);
    return key;
  }

  digest(key: number): Digest {
    return this.#index.digest(key);
  }

  text(key: number): string {
    return digestText(this.#index.digest(key));
  }

  link(key: number): number {
    return this.#keys.get(key, keyField.link);
  }

  /** What its link is evidence of. */
  bit(key: number): number {
    return this.#bits[this.link(key)] ?? 0;
  }

  spec(key: number): LinkSpec {
    const spec = this.links[this.link(key)];
    if (spec === undefined) throw new Error(`key ${key} has no link`);
    return spec;
  }

  accounts(key: number): number {
    return this.#keys.get(key, keyField.accounts);
  }

  isHub(key: number): boolean {
    return this.#hasFlag(key, keyFlag.hub);
  }

  setHub(key: number, hub: boolean): void {
    this.#setFlag(key, keyFlag.hub, hub);
    if (hub) this.#keys.set(key, keyField.lead, 0);
  }

  /** Does the ring of its accounts count it as one of its strong keys? */
  isCounted(key: number): boolean {
    return this.#hasFlag(key, keyFlag.counted);
  }

  setCounted(key: number, counted: boolean): void {
    this.#setFlag(key, keyFlag.counted, counted);
  }

  /** Account whose ring the key leads to; -1 when it leads nowhere. */
  lead(key: number): number {
    return this.#keys.get(key, keyField.lead) - 1;
  }

  setLead(key: number, account: number): void {
    this.#keys.set(key, keyField.lead, account + 1);
  }

  /** True when the key was begun anew under another row; this one is kept for the uses that are not past their ttl. */
  isRetired(key: number): boolean {
    return this.#hasFlag(key, keyFlag.retired);
  }

  /** A key links while it was used within its link's ttl. */
  isAlive(key: number, at: Instant): boolean {
    return at < this.endsAt(key);
  }

  /** Until when it links, as far as it has been used. */
  endsAt(key: number): Instant {
    return this.#endOf(key, minuteIn(this.#keys.get(key, keyField.lastUse)));
  }

  /** Until when one use of it counts. */
  useEndsAt(key: number, usedAt: Instant): Instant {
    return this.#endOf(key, minuteOf(usedAt));
  }

  /** Never shorter than the ttl, and up to two minutes longer. */
  #endOf(key: number, minute: number): Instant {
    return (minute + Math.ceil(this.spec(key).ttlMs / minuteMs) + 1) * minuteMs;
  }

  /** Of an account on the key: when it was first seen, and whether it is verified. */
  note(key: number, firstSeen: Instant, isVerified: boolean): void {
    const minute = minuteOf(firstSeen);
    const oldest = minuteIn(this.#keys.get(key, keyField.oldest));
    if (oldest === 0 || minute < oldest) this.#keys.set(key, keyField.oldest, minute);
    if (isVerified) this.#setFlag(key, keyFlag.verified, true);
  }

  /** False when none of its accounts can be trusted, so that nobody has to look at them: none is as old, none was verified. */
  mayBeTrusted(key: number, longStandingSince: Instant): boolean {
    const oldest = minuteIn(this.#keys.get(key, keyField.oldest));
    return oldest <= minuteOf(longStandingSince) || this.#hasFlag(key, keyFlag.verified);
  }

  #hasFlag(key: number, flag: number): boolean {
    return (this.#keys.get(key, keyField.flags) & flag) !== 0;
  }

  #setFlag(key: number, flag: number, on: boolean): void {
    const flags = this.#keys.get(key, keyField.flags);
    this.#keys.set(key, keyField.flags, on ? flags | flag : flags & ~flag);
  }

  /** True when the account is new on the key. */
  use(account: number, key: number, at: Instant): boolean {
    const minute = minuteOf(at);
    if (minuteIn(this.#keys.get(key, keyField.lastUse)) < minute) this.#keys.set(key, keyField.lastUse, minute);
    let known = 0;
    for (let use = this.#newestOf(account); use !== none; use = this.#olderOf(use)) {
      if (this.#use.get(use, useField.key) === key) {
        if (minuteIn(this.#use.get(use, useField.at)) < minute) this.#use.set(use, useField.at, minute);
        return false;
      }
      known++;
    }
    if (known < mostKeysOfAccount) this.#remember(account, key, minute);
    return true;
  }

  #remember(account: number, key: number, minute: number): void {
    const use = this.#uses++;
    this.#use.set(use, useField.account, account);
    this.#use.set(use, useField.key, key);
    this.#use.set(use, useField.at, minute);
    this.#use.set(use, useField.olderOfKey, this.#keys.get(key, keyField.newestUse));
    this.#use.set(use, useField.olderOfAccount, this.#newestUseOfAccount.get(account));
    this.#keys.set(key, keyField.newestUse, use + 1);
    this.#newestUseOfAccount.set(account, use + 1);
    this.#keys.add(key, keyField.accounts, 1);
  }

  /** Uses in the order in which they came; `at` is the beginning of its minute. */
  useAt(use: number): { readonly account: number; readonly key: number; readonly at: Instant } {
    return {
      account: this.#use.get(use, useField.account),
      key: this.#use.get(use, useField.key),
      at: minuteIn(this.#use.get(use, useField.at)) * minuteMs,
    };
  }

  /** Where a walk over a key's accounts begins, with the newest; -1 is the end. Walks are hot: no function is called back. */
  newestUse(key: number): number {
    return this.#keys.get(key, keyField.newestUse) - 1;
  }

  olderUse(use: number): number {
    return this.#use.get(use, useField.olderOfKey) - 1;
  }

  accountOf(use: number): number {
    return this.#use.get(use, useField.account);
  }

  /** The keys of an account with the minute's beginning of their last use by it, the newest key first. */
  eachKey(account: number, tell: (key: number, at: Instant) => void): void {
    for (let use = this.#newestOf(account); use !== none; use = this.#olderOf(use))
      tell(this.#use.get(use, useField.key), minuteIn(this.#use.get(use, useField.at)) * minuteMs);
  }

  #newestOf(account: number): number {
    return this.#newestUseOfAccount.get(account) - 1;
  }

  #olderOf(use: number): number {
    return this.#use.get(use, useField.olderOfAccount) - 1;
  }
}
