import type { AccountStanding, RingTrace } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import { digestOf } from './digest.js';
import { DigestIndex } from './digest-index.js';
import { InstantColumn, IntColumn } from './paged-column.js';

const none = -1;
const heldFlag = 1;
const fraudFlag = 2;
const verifiedFlag = 4;

/** What is counted of a member; numbers stand for hashed texts, 0 for what is not known. */
export interface MemberTraits {
  readonly prefix: number;
  readonly asn: number;
  readonly template: number;
}

/** Accounts by row: what is known of each, and in which component it is (union by size, members in a circle of their own). */
export class AccountTable {
  readonly #index = new DigestIndex();
  readonly #ids: string[] = [];
  readonly #firstSeen = new InstantColumn();
  readonly #joined = new InstantColumn();
  readonly #standingAt = new InstantColumn();
  readonly #flags = new IntColumn();
  readonly #prefix = new IntColumn();
  readonly #asn = new IntColumn();
  readonly #template = new IntColumn();
  readonly #parent = new IntColumn(none);
  readonly #size = new IntColumn(1);
  /** Next member of the same component, as an offset from the row itself: 0 is alone. */
  readonly #next = new IntColumn();

  get length(): number {
    return this.#index.length;
  }

  find(id: string): number {
    return this.#index.find(digestOf(id));
  }

  findOrAdd(id: string, at: Instant): number {
    const digest = digestOf(id);
    const known = this.#index.find(digest);
    if (known !== none) return known;
    const row = this.#index.add(digest);
    this.#ids.push(id);
    this.#firstSeen.set(row, at);
    return row;
  }

  id(row: number): string {
    return this.#ids[row] ?? '';
  }

  firstSeen(row: number): Instant {
    return this.#firstSeen.get(row);
  }

  /** An event that came late may be the account's first. */
  seen(row: number, at: Instant): void {
    if (at < this.#firstSeen.get(row)) this.#firstSeen.set(row, at);
  }

  /** When it came into its ring; 0 when it is in none. */
  joined(row: number): Instant {
    return this.#joined.get(row);
  }

  setJoined(row: number, at: Instant): void {
    this.#joined.set(row, at);
  }

  standing(row: number): AccountStanding {
    const flags = this.#flags.get(row);
    return {
      accountId: this.id(row),
      at: this.#standingAt.get(row),
      held: (flags & heldFlag) !== 0,
      fraud: (flags & fraudFlag) !== 0,
      verified: (flags & verifiedFlag) !== 0,
    };
  }

  /** False when something later is known already. */
  setStanding(row: number, { at, held, fraud, verified }: AccountStanding): boolean {
    if (at < this.#standingAt.get(row)) return false;
    this.#standingAt.set(row, at);
    this.#flags.set(row, (held ? heldFlag : 0) | (fraud ? fraudFlag : 0) | (verified ? verifiedFlag : 0));
    return true;
  }

  isOut(row: number): boolean {
    return (this.#flags.get(row) & (heldFlag | fraudFlag)) !== 0;
  }

  /** In good standing, and verified or seen before `longStandingSince`. */
  isTrusted(row: number, longStandingSince: Instant): boolean {
    const flags = this.#flags.get(row);
    if ((flags & (heldFlag | fraudFlag)) !== 0) return false;
    return (flags & verifiedFlag) !== 0 || this.#firstSeen.get(row) < longStandingSince;
  }

  traits(row: number): MemberTraits {
    return { prefix: this.#prefix.get(row), asn: this.#asn.get(row), template: this.#template.get(row) };
  }

  /** What was first known stays: statistics are the same in whatever order a ring came together. Tells what is new. */
  setTraits(row: number, { prefix, asn, template }: RingTrace): MemberTraits {
    return {
      prefix: fill(this.#prefix, row, prefix),
      asn: fill(this.#asn, row, asn),
      template: fill(this.#template, row, template),
    };
  }

  copyTraits(row: number, { prefix, asn, template }: MemberTraits): void {
    this.#prefix.set(row, prefix);
    this.#asn.set(row, asn);
    this.#template.set(row, template);
  }

  /** The row that stands for the component. */
  root(row: number): number {
    let at = row;
    for (let up = this.#parent.get(at); up !== none; up = this.#parent.get(at)) {
      const higher = this.#parent.get(up);
      if (higher !== none) this.#parent.set(at, higher);
      at = up;
    }
    return at;
  }

  size(root: number): number {
    return this.#size.get(root);
  }

  /** The larger root stands for both; no member is touched. */
  unite(one: number, other: number): { readonly root: number; readonly gone: number } {
    const [root, gone] = this.#size.get(one) >= this.#size.get(other) ? [one, other] : [other, one];
    this.#parent.set(gone, root);
    this.#size.add(root, this.#size.get(gone));
    const afterRoot = root + this.#next.get(root);
    const afterGone = gone + this.#next.get(gone);
    this.#next.set(root, afterGone - root);
    this.#next.set(gone, afterRoot - gone);
    return { root, gone };
  }

  *members(row: number): Generator<number> {
    let at = row;
    do {
      yield at;
      at += this.#next.get(at);
    } while (at !== row);
  }
}

function fill(column: IntColumn, row: number, value: string | number | undefined): number {
  if (value === undefined || column.get(row) !== 0) return 0;
  const number = typeof value === 'number' ? value : digestOf(value).low || 1;
  column.set(row, number);
  return number;
}
