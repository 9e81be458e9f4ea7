import type { Instant } from '../model/time.js';

/** One event on a key. */
export interface KeyEntry {
  readonly at: Instant;
  readonly event: string;
  /** Features whose log it is in. */
  readonly tracks: KeyTrack[];
}

/**
 * What one feature has logged on one key, in the order of time, and what of that lies in the window that was asked for
 * last: windows move forward with traffic, so that reading one costs what has changed, not what it holds.
 */
export class KeyTrack {
  private entries: KeyEntry[] = [];
  /** Of the entries, side by side: each entry is a place of its own in memory, and windows are looked at far more often. */
  private times: Instant[] = [];
  private members: string[] = [];
  /** What lies before it has been folded. */
  private head = 0;
  /** First entry of the window. */
  private start = 0;
  private from: Instant = Number.NEGATIVE_INFINITY;
  /** Members of the window, each with the number of its entries. */
  private readonly inWindow = new Map<string, number>();

  constructor(
    readonly id: string,
    /** False where members are never asked for. */
    private readonly countsMembers: boolean,
  ) {}

  get length(): number {
    return this.entries.length - this.head;
  }

  insert(entry: KeyEntry, member: string): void {
    let place = this.entries.length;
    while (place > this.head && (this.times[place - 1] ?? 0) > entry.at) place--;
    if (place === this.entries.length) {
      this.entries.push(entry);
      this.times.push(entry.at);
      this.members.push(member);
    } else {
      this.entries.splice(place, 0, entry);
      this.times.splice(place, 0, entry.at);
      this.members.splice(place, 0, member);
    }
    if (entry.at > this.from) this.enter(member);
    else this.start++;
  }

  /** Takes the oldest out. */
  shift(): { entry: KeyEntry; member: string } | undefined {
    const entry = this.entries[this.head];
    const member = this.members[this.head];
    if (entry === undefined || member === undefined) return undefined;
    if (this.start > this.head) this.head++;
    else {
      this.leave(member);
      this.head++;
      this.start++;
    }
    if (this.head >= 64) this.compact();
    return { entry, member };
  }

  /** Takes one out wherever it is. */
  remove(entry: KeyEntry): void {
    const place = this.entries.indexOf(entry, this.head);
    if (place < 0) return;
    if (place < this.start) this.start--;
    else this.leave(this.members[place] ?? '');
    this.entries.splice(place, 1);
    this.times.splice(place, 1);
    this.members.splice(place, 1);
  }

  /** How many entries lie in (from, to]. */
  count(from: Instant, to: Instant): number {
    this.move(from);
    return this.entries.length - this.start - this.countAfter(to);
  }

  /** Members of (from, to]; to be read, not kept. */
  membersIn(from: Instant, to: Instant): { readonly size: number; has(member: string): boolean } {
    this.move(from);
    const later = this.countAfter(to);
    return later === 0 ? this.inWindow : new Set(this.members.slice(this.start, this.members.length - later));
  }

  addMembersTo(members: Set<string>): void {
    for (let place = this.head; place < this.members.length; place++) members.add(this.members[place] ?? '');
  }

  copy(entryOf: (entry: KeyEntry) => KeyEntry): KeyTrack {
    const copy = new KeyTrack(this.id, this.countsMembers);
    for (let place = this.head; place < this.entries.length; place++) {
      const entry = this.entries[place];
      if (entry !== undefined) copy.insert(entryOf(entry), this.members[place] ?? '');
    }
    return copy;
  }

  private countAfter(to: Instant): number {
    let later = 0;
    for (let place = this.times.length - 1; place >= this.start; place--) {
      if ((this.times[place] ?? to) <= to) break;
      later++;
    }
    return later;
  }

  private move(from: Instant): void {
    const { times, members, head } = this;
    for (let at = times[this.start]; at !== undefined && at <= from; at = times[this.start])
      this.leave(members[this.start++] ?? '');
    while (this.start > head && (times[this.start - 1] ?? from) > from) this.enter(members[--this.start] ?? '');
    this.from = from;
  }

  private enter(member: string): void {
    if (this.countsMembers) this.inWindow.set(member, (this.inWindow.get(member) ?? 0) + 1);
  }

  private leave(member: string): void {
    if (!this.countsMembers) return;
    const left = (this.inWindow.get(member) ?? 1) - 1;
    if (left > 0) this.inWindow.set(member, left);
    else this.inWindow.delete(member);
  }

  private compact(): void {
    this.entries = this.entries.slice(this.head);
    this.times = this.times.slice(this.head);
    this.members = this.members.slice(this.head);
    this.start -= this.head;
    this.head = 0;
  }
}
