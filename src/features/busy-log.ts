import type { Instant } from '../model/time.js';
import { type KeyCall, type KeyLabel, type KeyLimits, type KeyLookup, type LoggedEvent, lasts } from './key-call.js';
import { KeyFold } from './key-fold.js';
import { type KeyEntry, KeyTrack } from './key-track.js';
import { RecentEvents } from './recent-events.js';

type Labels = ReadonlyMap<string, KeyLabel> | undefined;

const nobody: ReadonlySet<string> = new Set();

/** A count is exact as far as its author says. */
const keptOf = ({ kind, exactTo }: KeyLookup, logLength: number): number =>
  kind === 'count' ? Math.max(logLength, exactTo) : logLength;

/** The log of a key with many events: by feature, and folded where it grows too long. */
export class BusyLog {
  /** In the order of time. */
  private entries: KeyEntry[] = [];
  /** Of the entries. */
  private readonly events = new Set<string>();
  /** Entries that the last folding left. */
  private floor = 0;
  private readonly tracks = new Map<string, KeyTrack>();
  private readonly folds = new Map<string, KeyFold>();
  private readonly gone: RecentEvents;

  constructor(gone: number) {
    this.gone = new RecentEvents(gone);
  }

  knows(event: string): boolean {
    return this.events.has(event) || this.gone.has(event);
  }

  enter({ at, event, ids, members }: LoggedEvent): void {
    const entry: KeyEntry = { at, event, tracks: [] };
    for (let index = 0; index < ids.length; index++) {
      const member = members[index];
      if (member !== undefined) this.track(ids[index] ?? '', entry, member);
    }
    this.events.add(event);
    let place = this.entries.length;
    while (place > 0 && (this.entries[place - 1]?.at ?? 0) > at) place--;
    if (place === this.entries.length) this.entries.push(entry);
    else this.entries.splice(place, 0, entry);
  }

  /**
   * Folds the oldest of every feature that has more than the log holds; an entry stays while such a feature needs it. False
   * where nothing has to be folded yet.
   */
  fold({ lookups, at }: KeyCall, { logLength, slack }: KeyLimits, labels: Labels): boolean {
    if (this.entries.length <= Math.max(logLength, this.floor) + slack) return false;
    const asked = new Set<KeyTrack>();
    for (const lookup of lookups) {
      const track = this.tracks.get(lookup.id);
      if (track === undefined) continue;
      asked.add(track);
      for (let over = track.length - keptOf(lookup, logLength); over > 0; over--)
        this.foldOldest(lookup, track, labels);
    }
    this.entries = this.entries.filter((entry) => {
      const stays = entry.tracks.some((track) => asked.has(track));
      if (!stays) this.leave(entry);
      return stays;
    });
    this.floor = this.entries.length;
    // Of features that no rule set has had for as long as their windows reach.
    for (const [id, { until, windowMs }] of this.folds)
      if (until + windowMs < at && !lookups.some((lookup) => lookup.id === id)) this.folds.delete(id);
    return true;
  }

  /** What is logged or folded of any feature: its accounts among others. */
  members(): ReadonlySet<string> {
    const members = new Set<string>();
    for (const counted of [...this.tracks.values(), ...this.folds.values()]) counted.addMembersTo(members);
    return members;
  }

  distinct({ id, windowMs, exactTo }: KeyLookup, at: Instant): number {
    const logged = this.membersOf(id, at - windowMs, at);
    if (logged.size >= exactTo) return exactTo;
    return Math.min(logged.size + (this.folds.get(id)?.countOthers(at - windowMs, logged) ?? 0), exactTo);
  }

  count({ id, windowMs }: KeyLookup, at: Instant): number {
    const from = at - windowMs;
    const logged = this.tracks.get(id)?.count(from, at) ?? 0;
    const fold = this.folds.get(id);
    return fold === undefined || fold.until <= from ? logged : Math.floor(logged + fold.countIn(from, at));
  }

  labelled({ id, windowMs, of, exactTo }: KeyLookup, at: Instant, labels: ReadonlyMap<string, KeyLabel>): number {
    const logged = this.membersOf(id, at - windowMs, at);
    const fold = this.folds.get(id);
    let found = 0;
    for (const [account, { label }] of labels)
      if (label === of && (logged.has(account) || fold?.hasMember(account, at - windowMs) === true)) found++;
    return Math.min(found, exactTo);
  }

  /** For one more event: of those that left the log the copy knows nothing. */
  copy(): BusyLog {
    const copy = new BusyLog(1);
    const copies = new Map<KeyEntry, KeyEntry>(
      this.entries.map((entry) => [entry, { at: entry.at, event: entry.event, tracks: [] }]),
    );
    copy.floor = this.floor;
    copy.entries = [...copies.values()];
    for (const event of this.events) copy.events.add(event);
    for (const [id, track] of this.tracks)
      copy.tracks.set(
        id,
        track.copy((entry) => copies.get(entry) ?? entry),
      );
    for (const [id, fold] of this.folds) copy.folds.set(id, fold.copy());
    for (const [entry, made] of copies)
      made.tracks.push(...entry.tracks.flatMap(({ id }) => copy.tracks.get(id) ?? []));
    return copy;
  }

  private membersOf(id: string, from: Instant, to: Instant) {
    return this.tracks.get(id)?.membersIn(from, to) ?? nobody;
  }

  private track(id: string, entry: KeyEntry, member: string): void {
    // What is only counted has no members.
    const track = this.tracks.get(id) ?? new KeyTrack(id, member !== '');
    this.tracks.set(id, track);
    // Two features of one rule set with the same definition are one.
    if (entry.tracks.includes(track)) return;
    track.insert(entry, member);
    entry.tracks.push(track);
  }

  private foldOldest({ id, kind, of, windowMs, exactTo }: KeyLookup, track: KeyTrack, labels: Labels): void {
    const oldest = track.shift();
    if (oldest === undefined) return;
    const { entry, member } = oldest;
    entry.tracks.splice(entry.tracks.indexOf(track), 1);
    const fold = this.folds.get(id) ?? new KeyFold(windowMs);
    this.folds.set(id, fold);
    if (!lasts(kind)) fold.count(entry.at);
    // Labelled accounts are worth more than others: they leave last.
    else if (kind === 'labelled' && labels !== undefined)
      fold.keep(member, entry.at, exactTo, (one) => labels.get(one)?.label === of);
    else fold.keep(member, entry.at, exactTo);
  }

  private leave(entry: KeyEntry): void {
    for (const track of entry.tracks) track.remove(entry);
    this.events.delete(entry.event);
    this.gone.add(entry.event);
  }
}
