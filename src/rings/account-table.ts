import type { AccountStanding, RingTrace } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import { digestOf } from './digest.js';
import { DigestIndex } from './digest-index.js';
import { minuteIn, minuteOf } from './minute.js';
import { InstantColumn, IntRecords, TextColumn } from './paged-column.js';

/**
 * `parent` and `next` are offsets from the row itself, 0 is the row; `more` is how many beside it hang on a root; `firstMinute`
 * is the minute in which it was first seen, beside what is asked together with it.
 */
const field = { flags: 0, prefix: 1, asn: 2, template: 3, parent: 4, more: 5, next: 6, firstMinute: 7 } as const;
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
  readonly #ids = new TextColumn();
  readonly #firstSeen = new InstantColumn();
  readonly #joined = new InstantColumn();
  readonly #standingAt = new InstantColumn();
  readonly #rows = new IntRecords(8);

  get length(): number {
    return this.#index.length;
  }

  find(id: string): number {
    return this.#index.find(digestOf(id));
  }

  findOrAdd(id: string, at: Instant): number {
    const digest = digestOf(id);
    const known = this.#index.find(digest);
    if (known >= 0) return known;
    const row = this.#index.add(digest);
    this.#ids.push(row, id);
    this.#setFirstSeen(row, at);
    return row;
  }

  id(row: number): string {
    return this.#ids.get(row);
  }

  firstSeen(row: number): Instant {
    return this.#firstSeen.get(row);
  }

  /** An event that came late may be the account's first: true when it is. */
  seen(row: number, at: Instant): boolean {
    if (at >= this.#firstSeen.get(row)) return false;
    this.#setFirstSeen(row, at);
    return true;
  }

  /** When it came into its ring; 0 when it is in none. */
  joined(row: number): Instant {
    return this.#joined.get(row);
  }

  setJoined(row: number, at: Instant): void {
    this.#joined.set(row, at);
  }

  standing(row: number): AccountStanding {
    const flags = this.#rows.get(row, field.flags);
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
    const flags = (held ? heldFlag : 0) | (fraud ? fraudFlag : 0) | (verified ? verifiedFlag : 0);
    this.#rows.set(row, field.flags, flags);
    return true;
  }

  isVerified(row: number): boolean {
    return (this.#rows.get(row, field.flags) & verifiedFlag) !== 0;
  }

  /** 1 in good standing, and verified or seen before `longStandingSince`; -1 out; 0 neither. */
  trust(row: number, longStandingSince: Instant): 1 | 0 | -1 {
    const flags = this.#rows.get(row, field.flags);
    if (flags === 0) return this.#isBefore(row, longStandingSince) ? 1 : 0;
    return (flags & (heldFlag | fraudFlag)) !== 0 ? -1 : 1;
  }

  traits(row: number): MemberTraits {
    return {
      prefix: this.#rows.get(row, field.prefix),
      asn: this.#rows.get(row, field.asn),
      template: this.#rows.get(row, field.template),
    };
  }

  /** What was first known stays: statistics are the same in whatever order a ring came together. Tells what is new. */
  setTraits(row: number, { prefix, asn, template }: RingTrace): MemberTraits {
    return {
      prefix: this.#fill(row, field.prefix, prefix),
      asn: this.#fill(row, field.asn, asn),
      template: this.#fill(row, field.template, template),
    };
  }

  copyTraits(row: number, { prefix, asn, template }: MemberTraits): void {
    this.#rows.set(row, field.prefix, prefix);
    this.#rows.set(row, field.asn, asn);
    this.#rows.set(row, field.template, template);
  }

  /** The row that stands for the component. */
  root(row: number): number {
    let at = row;
    for (let up = this.#rows.get(at, field.parent); up !== 0; up = this.#rows.get(at, field.parent)) {
      const higher = this.#rows.get(at + up, field.parent);
      if (higher !== 0) this.#rows.set(at, field.parent, up + higher);
      at += up + higher;
    }
    return at;
  }

  size(root: number): number {
    return this.#rows.get(root, field.more) + 1;
  }

  /** The larger root stands for both; no member is touched. */
  unite(one: number, other: number): { readonly root: number; readonly gone: number } {
    const [root, gone] = this.size(one) >= this.size(other) ? [one, other] : [other, one];
    this.#rows.set(gone, field.parent, root - gone);
    this.#rows.add(root, field.more, this.size(gone));
    const afterRoot = root + this.#rows.get(root, field.next);
    const afterGone = gone + this.#rows.get(gone, field.next);
    this.#rows.set(root, field.next, afterGone - root);
    this.#rows.set(gone, field.next, afterRoot - gone);
    return { root, gone };
  }

  *members(row: number): Generator<number> {
    let at = row;
    do {
      yield at;
      at += this.#rows.get(at, field.next);
    } while (at !== row);
  }

  #setFirstSeen(row: number, at: Instant): void {
    this.#firstSeen.set(row, at);
    this.#rows.set(row, field.firstMinute, minuteOf(at));
  }

  #isBefore(row: number, at: Instant): boolean {
    const [seen, minute] = [minuteIn(this.#rows.get(row, field.firstMinute)), minuteOf(at)];
    return seen === minute ? this.#firstSeen.get(row) < at : seen < minute;
  }

  #fill(row: number, trait: number, value: string | number | undefined): number {
    if (value === undefined || this.#rows.get(row, trait) !== 0) return 0;
    // As the row gives it back: a number that is counted once as it came and once as it was kept is two.
    const number = typeof value === 'number' ? value | 0 : digestOf(value).low || 1;
    this.#rows.set(row, trait, number);
    return number;
  }
}
