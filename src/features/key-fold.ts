import type { Instant } from '../model/time.js';
import { partsPerWindow } from './burst-spans.js';

/** What a feature keeps of events that no longer fit the log. */
export class KeyFold {
  /** Time of the newest event that was folded. */
  until: Instant = Number.NEGATIVE_INFINITY;
  /** Number of a part of the window to count: the error is at most what one part holds. */
  private readonly buckets = new Map<number, number>();
  /** Numbers of the buckets, ascending. */
  private numbers: number[] = [];
  /** Member to the last time it was seen; in that order while `isInOrder`. */
  private members = new Map<string, Instant>();
  private isInOrder = true;
  private newestMember: Instant = Number.NEGATIVE_INFINITY;

  constructor(readonly windowMs: number) {}

  count(at: Instant): void {
    this.until = Math.max(this.until, at);
    const width = this.windowMs / partsPerWindow;
    const number = Math.floor(at / width);
    const count = this.buckets.get(number);
    this.buckets.set(number, (count ?? 0) + 1);
    if (count === undefined) this.enterNumber(number);
    const oldest = Math.floor(this.until / width) - 2 * partsPerWindow;
    while ((this.numbers[0] ?? oldest) < oldest) this.buckets.delete(this.numbers.shift() ?? 0);
  }

  /** Keeps the latest `most` members; those that are `precious` leave last. */
  keep(member: string, at: Instant, most: number, precious?: (member: string) => boolean): void {
    this.until = Math.max(this.until, at);
    const last = this.members.get(member);
    if (last === undefined || at > last) {
      this.members.delete(member);
      this.members.set(member, at);
      this.isInOrder = this.isInOrder && at >= this.newestMember;
      this.newestMember = Math.max(this.newestMember, at);
    }
    if (this.members.size <= most) return;
    const leaver = precious === undefined ? this.oldestMember() : this.leastPrecious(precious);
    if (leaver !== undefined) this.members.delete(leaver);
  }

  /** When the member was seen last; only later ones than `from` are of interest. */
  hasMember(member: string, from: Instant): boolean {
    return (this.members.get(member) ?? from) > from;
  }

  addMembersTo(members: Set<string>): void {
    for (const member of this.members.keys()) members.add(member);
  }

  /** Members after `from` that `known` does not have. */
  countOthers(from: Instant, known: { has(member: string): boolean }): number {
    if (this.until <= from) return 0;
    let others = 0;
    for (const [member, last] of this.members) if (last > from && !known.has(member)) others++;
    return others;
  }

  /** How many of the folded events fall into (from, to], each bucket by the share of it that does. */
  countIn(from: Instant, to: Instant): number {
    const width = this.windowMs / partsPerWindow;
    let sum = 0;
    for (const number of this.numbers) {
      const start = number * width;
      const end = Math.min(start + width, this.until);
      if (end <= start) {
        if (start > from && start <= to) sum += this.buckets.get(number) ?? 0;
        continue;
      }
      const share = (Math.min(end, to) - Math.max(start, from)) / (end - start);
      if (share > 0) sum += (this.buckets.get(number) ?? 0) * Math.min(1, share);
    }
    return sum;
  }

  copy(): KeyFold {
    const copy = new KeyFold(this.windowMs);
    copy.until = this.until;
    for (const [number, count] of this.buckets) copy.buckets.set(number, count);
    copy.numbers = [...this.numbers];
    copy.members = new Map(this.members);
    copy.isInOrder = this.isInOrder;
    copy.newestMember = this.newestMember;
    return copy;
  }

  private enterNumber(number: number): void {
    let place = this.numbers.length;
    while (place > 0 && (this.numbers[place - 1] ?? 0) > number) place--;
    if (place === this.numbers.length) this.numbers.push(number);
    else this.numbers.splice(place, 0, number);
  }

  /** Of members seen at the same time the first by name. */
  private oldestMember(): string | undefined {
    if (!this.isInOrder) this.sort();
    let oldest: { readonly member: string; readonly at: Instant } | undefined;
    for (const [member, at] of this.members) {
      if (oldest !== undefined && at > oldest.at) break;
      if (oldest === undefined || member < oldest.member) oldest = { member, at };
    }
    return oldest?.member;
  }

  private leastPrecious(precious: (member: string) => boolean): string | undefined {
    let leaver: { readonly member: string; readonly at: Instant; readonly isPrecious: boolean } | undefined;
    for (const [member, at] of this.members) {
      const isPrecious = precious(member);
      const goesFirst =
        leaver === undefined ||
        (isPrecious === leaver.isPrecious
          ? at < leaver.at || (at === leaver.at && member < leaver.member)
          : leaver.isPrecious);
      if (goesFirst) leaver = { member, at, isPrecious };
    }
    return leaver?.member;
  }

  private sort(): void {
    this.members = new Map([...this.members].sort(([, one], [, other]) => one - other));
    this.isInOrder = true;
  }
}
