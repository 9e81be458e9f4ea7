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

/** What one feature has on a key. */
interface Lane {
  readonly id: string;
  track: KeyTrack | undefined;
  fold: KeyFold | undefined;
}

interface AskedLanes {
  readonly ids: readonly string[];
  /** Parallel to the ids. */
  readonly lanes: readonly Lane[];
}

/** Event types, and whether they count, make as many lists of ids; lists that nobody planned are each a new one. */
const mostAsked = 10;

/** The log of a key with many events: by feature, and folded where it grows too long. */
export class BusyLog {
  /** In the order of time. */
  private entries: KeyEntry[] = [];
  /** Of the entries. */
  private readonly events = new Set<string>();
  /** Entries that the last folding left. */
  private floor = 0;
  /** A few: they are walked, which is quicker than to look them up. */
  private lanes: Lane[] = [];
  /** By the very lists that calls bring: a plan has one for all of its calls. */
  private asked: AskedLanes[] = [];
  private readonly gone: RecentEvents;

  constructor(gone: number) {
    this.gone = new RecentEvents(gone);
  }

  knows(event: string): boolean {
    return this.events.has(event) || this.gone.has(event);
  }

  enter({ at, event, ids, members }: LoggedEvent): void {
    const entry: KeyEntry = { at, event, tracks: [] };
    const lanes = this.lanesOf(ids);
    for (let index = 0; index < lanes.length; index++) {
      const lane = lanes[index];
      const member = members[index];
      if (member !== undefined && lane !== undefined) track(lane, entry, member);
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
  fold({ lookups, ids, at }: KeyCall, { logLength, slack }: KeyLimits, labels: Labels): boolean {
    if (this.entries.length <= Math.max(logLength, this.floor) + slack) return false;
    const asked = new Set<KeyTrack>();
    const lanes = this.lanesOf(ids);
    for (const lookup of lookups) {
      const lane = lanes[lookup.index];
      if (lane?.track === undefined) continue;
      asked.add(lane.track);
      for (let over = lane.track.length - keptOf(lookup, logLength); over > 0; over--) foldOldest(lane, lookup, labels);
    }
    this.entries = this.entries.filter((entry) => {
      const stays = entry.tracks.some((track) => asked.has(track));
      if (!stays) this.leave(entry);
      return stays;
    });
    this.floor = this.entries.length;
    // Of features that no rule set has had for as long as their windows reach.
    for (const lane of this.lanes)
      if (lane.fold !== undefined && lane.fold.until + lane.fold.windowMs < at && !ids.includes(lane.id))
        lane.fold = undefined;
    return true;
  }

  /** What is logged or folded of any feature: its accounts among others. */
  members(): ReadonlySet<string> {
    const members = new Set<string>();
    for (const { track, fold } of this.lanes) {
      track?.addMembersTo(members);
      fold?.addMembersTo(members);
    }
    return members;
  }

  /** `ids`, here and below: those of the call, among which the look-up has its place. */
  distinct({ index, windowMs, exactTo }: KeyLookup, ids: readonly string[], at: Instant): number {
    const lane = this.lanesOf(ids)[index];
    const logged = membersOf(lane, at - windowMs, at);
    if (logged.size >= exactTo) return exactTo;
    return Math.min(logged.size + (lane?.fold?.countOthers(at - windowMs, logged) ?? 0), exactTo);
  }

  count({ index, windowMs }: KeyLookup, ids: readonly string[], at: Instant): number {
    const from = at - windowMs;
    const lane = this.lanesOf(ids)[index];
    const logged = lane?.track?.count(from, at) ?? 0;
    const fold = lane?.fold;
    return fold === undefined || fold.until <= from ? logged : Math.floor(logged + fold.countIn(from, at));
  }

  labelled({ index, windowMs, of, exactTo }: KeyLookup, { ids, at }: KeyCall, labels: NonNullable<Labels>): number {
    const lane = this.lanesOf(ids)[index];
    const logged = membersOf(lane, at - windowMs, at);
    let found = 0;
    for (const [account, { label }] of labels)
      if (label === of && (logged.has(account) || lane?.fold?.hasMember(account, at - windowMs) === true)) found++;
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
    copy.lanes = this.lanes.map(({ id, track, fold }) => ({
      id,
      track: track?.copy((entry) => copies.get(entry) ?? entry),
      fold: fold?.copy(),
    }));
    for (const [entry, made] of copies)
      made.tracks.push(...entry.tracks.flatMap(({ id }) => copy.lane(id).track ?? []));
    return copy;
  }

  /** Parallel to the ids. */
  private lanesOf(ids: readonly string[]): readonly Lane[] {
    for (const asked of this.asked) if (asked.ids === ids) return asked.lanes;
    const lanes = ids.map((id) => this.lane(id));
    if (this.asked.length >= mostAsked) this.asked = [];
    this.asked.push({ ids, lanes });
    return lanes;
  }

  private lane(id: string): Lane {
    for (const lane of this.lanes) if (lane.id === id) return lane;
    const made: Lane = { id, track: undefined, fold: undefined };
    this.lanes.push(made);
    return made;
  }

  private leave(entry: KeyEntry): void {
    for (const track of entry.tracks) track.remove(entry);
    this.events.delete(entry.event);
    this.gone.add(entry.event);
  }
}

const membersOf = (lane: Lane | undefined, from: Instant, to: Instant) => lane?.track?.membersIn(from, to) ?? nobody;

function track(lane: Lane, entry: KeyEntry, member: string): void {
  // What is only counted has no members.
  lane.track ??= new KeyTrack(lane.id, member !== '');
  // Two features of one rule set with the same definition are one.
  if (entry.tracks.includes(lane.track)) return;
  lane.track.insert(entry, member);
  entry.tracks.push(lane.track);
}

function foldOldest(lane: Lane, { kind, of, windowMs, exactTo }: KeyLookup, labels: Labels): void {
  const oldest = lane.track?.shift();
  if (oldest === undefined || lane.track === undefined) return;
  const { entry, member } = oldest;
  entry.tracks.splice(entry.tracks.indexOf(lane.track), 1);
  lane.fold ??= new KeyFold(windowMs);
  if (!lasts(kind)) lane.fold.count(entry.at);
  // Labelled accounts are worth more than others: they leave last.
  else if (kind === 'labelled' && labels !== undefined)
    lane.fold.keep(member, entry.at, exactTo, (one) => labels.get(one)?.label === of);
  else lane.fold.keep(member, entry.at, exactTo);
}
