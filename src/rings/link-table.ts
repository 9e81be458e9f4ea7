import type { LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import { type Digest, digestText } from './digest.js';
import { DigestIndex } from './digest-index.js';
import { IntColumn } from './paged-column.js';

const none = -1;
const toSeconds = (at: Instant): number => Math.floor(at / 1000);

/** An account is remembered with this many keys; a further one still joins it to rings, and is not remembered. */
export const mostKeysOfAccount = 128;

/** Keys, and which accounts use them: rows of numbers, because there are many millions. */
export class LinkTable {
  readonly #index = new DigestIndex();
  readonly #link = new IntColumn();
  readonly #accounts = new IntColumn();
  readonly #lastUse = new IntColumn();
  readonly #hub = new IntColumn();
  readonly #counted = new IntColumn();
  /** Member of the ring that the key leads to. */
  readonly #lead = new IntColumn(none);
  readonly #newestUse = new IntColumn(none);

  readonly #useAccount = new IntColumn();
  readonly #useKey = new IntColumn();
  readonly #useAt = new IntColumn();
  readonly #olderUseOfKey = new IntColumn(none);
  readonly #olderUseOfAccount = new IntColumn(none);
  readonly #newestUseOfAccount = new IntColumn(none);
  #uses = 0;

  constructor(readonly links: readonly LinkSpec[]) {}

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
    this.#link.set(key, link);
    return key;
  }

  /** A key that was not used for its ttl starts anew: those who used it before are no longer on it. */
  renew(old: number): number {
    const key = this.#index.replace(this.#index.digest(old));
    this.#link.set(key, this.#link.get(old));
    return key;
  }

  digest(key: number): Digest {
    return this.#index.digest(key);
  }

  text(key: number): string {
    return digestText(this.#index.digest(key));
  }

  link(key: number): number {
    return this.#link.get(key);
  }

  spec(key: number): LinkSpec {
    const spec = this.links[this.#link.get(key)];
    if (spec === undefined) throw new Error(`key ${key} has no link`);
    return spec;
  }

  accounts(key: number): number {
    return this.#accounts.get(key);
  }

  isHub(key: number): boolean {
    return this.#hub.get(key) === 1;
  }

  setHub(key: number, hub: boolean): void {
    this.#hub.set(key, hub ? 1 : 0);
    if (hub) this.#lead.set(key, none);
  }

  /** Does the ring of its accounts count it as one of its strong keys? */
  isCounted(key: number): boolean {
    return this.#counted.get(key) === 1;
  }

  setCounted(key: number, counted: boolean): void {
    this.#counted.set(key, counted ? 1 : 0);
  }

  /** Account whose ring the key leads to; -1 when it leads nowhere. */
  lead(key: number): number {
    return this.#lead.get(key);
  }

  setLead(key: number, account: number): void {
    this.#lead.set(key, account);
  }

  /** A key links while it was used within its link's ttl. */
  isAlive(key: number, at: Instant): boolean {
    return toSeconds(at) - this.#lastUse.get(key) <= this.spec(key).ttlMs / 1000;
  }

  /** True when the account is new on the key. */
  use(account: number, key: number, at: Instant): boolean {
    const seconds = toSeconds(at);
    this.#lastUse.set(key, Math.max(this.#lastUse.get(key), seconds));
    let known = 0;
    for (let use = this.#newestUseOfAccount.get(account); use !== none; use = this.#olderUseOfAccount.get(use)) {
      if (this.#useKey.get(use) === key) {
        this.#useAt.set(use, Math.max(this.#useAt.get(use), seconds));
        return false;
      }
      known++;
    }
    if (known < mostKeysOfAccount) this.#remember(account, key, seconds);
    return true;
  }

  #remember(account: number, key: number, seconds: number): void {
    const use = this.#uses++;
    this.#useAccount.set(use, account);
    this.#useKey.set(use, key);
    this.#useAt.set(use, seconds);
    this.#olderUseOfKey.set(use, this.#newestUse.get(key));
    this.#newestUse.set(key, use);
    this.#olderUseOfAccount.set(use, this.#newestUseOfAccount.get(account));
    this.#newestUseOfAccount.set(account, use);
    this.#accounts.add(key, 1);
  }

  /** Uses in the order in which they came. */
  useAt(use: number): { readonly account: number; readonly key: number; readonly at: Instant } {
    return { account: this.#useAccount.get(use), key: this.#useKey.get(use), at: this.#useAt.get(use) * 1000 };
  }

  /** The newest accounts of a key first; stops when told `false`. */
  eachAccount(key: number, tell: (account: number) => boolean): void {
    for (let use = this.#newestUse.get(key); use !== none; use = this.#olderUseOfKey.get(use))
      if (!tell(this.#useAccount.get(use))) return;
  }

  /** The keys of an account with the instant of their last use by it, the newest key first. */
  eachKey(account: number, tell: (key: number, at: Instant) => void): void {
    for (let use = this.#newestUseOfAccount.get(account); use !== none; use = this.#olderUseOfAccount.get(use))
      tell(this.#useKey.get(use), this.#useAt.get(use) * 1000);
  }
}
