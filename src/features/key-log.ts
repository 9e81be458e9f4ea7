import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';
import { KeyFold } from './key-fold.js';
import { type KeyEntry, KeyTrack } from './key-track.js';
import type { LoggedKind } from './logged-kind.js';
import { RecentEvents } from './recent-events.js';

/** One feature on one key, in the short form that stores keep. */
export interface KeyLookup {
  /** Beginning of the feature's id. */
  readonly id: string;
  readonly kind: LoggedKind;
  /** What `labelled` looks for. */
  readonly of: string;
  readonly windowMs: number;
  readonly exactTo: number;
  readonly counts: boolean;
  /** Short hash of what `distinct` counts; '' when the event has none. */
  readonly member: string;
}

export interface KeyCall {
  readonly at: Instant;
  /** Short hashes. */
  readonly event: string;
  readonly account: string;
  /** The account's label, when one was given before it touched this key. */
  readonly label?: KeyLabel | undefined;
  readonly lookups: readonly KeyLookup[];
}

export interface KeyLabel {
  readonly label: Label;
  readonly at: Instant;
}

/** Everything known of one key. */
export interface KeyState {
  /** In the order of time. */
  entries: KeyEntry[];
  /** Events of the entries. */
  readonly events: Set<string>;
  /** Entries that the last folding left. */
  floor: number;
  /** By feature. */
  readonly tracks: Map<string, KeyTrack>;
  readonly folds: Map<string, KeyFold>;
  readonly firstSeen: Map<string, Instant>;
  readonly labels: Map<string, KeyLabel>;
  /** Events that left the log: a repeat of one is still known. */
  readonly gone: RecentEvents;
}

export interface KeyLimits {
  /** Events a feature keeps one by one; older ones are folded. */
  readonly logLength: number;
  /** Folding waits for this many more: doing it for every event would cost the most where traffic is heaviest. */
  readonly slack: number;
  /** Events that left the log and are still known when they come again; 10,000 where it is not told. */
  readonly gone?: number;
}

/** What docs/features.md promises; tests take smaller ones, so that short sequences fold. */
export const defaultLimits: KeyLimits = { logLength: 128, slack: 32 };

export const goneMost = 10_000;

export const emptyKey = ({ gone = goneMost }: KeyLimits = defaultLimits): KeyState => ({
  entries: [],
  events: new Set(),
  floor: 0,
  tracks: new Map(),
  folds: new Map(),
  firstSeen: new Map(),
  labels: new Map(),
  gone: new RecentEvents(gone),
});

const lasts = (kind: LoggedKind): boolean => kind === 'distinct' || kind === 'labelled';

/** What the feature logs of the event; undefined = nothing. */
function memberOf({ kind, counts, member }: KeyLookup, { account }: KeyCall): string | undefined {
  if (!counts || kind === 'age') return undefined;
  if (kind === 'count') return '';
  if (kind === 'labelled') return account;
  return member === '' ? undefined : member;
}

/** Is the event counted on this key already? */
const knowsEvent = (state: KeyState, event: string): boolean => state.events.has(event) || state.gone.has(event);

/** Adds this event unless it is there. */
function enter(state: KeyState, call: KeyCall): void {
  if (knowsEvent(state, call.event)) return;
  const entry: KeyEntry = { at: call.at, event: call.event, tracks: [] };
  for (const lookup of call.lookups) {
    const { id, kind, counts } = lookup;
    if (kind === 'age' && counts) state.firstSeen.set(id, Math.min(state.firstSeen.get(id) ?? call.at, call.at));
    const member = memberOf(lookup, call);
    if (member !== undefined) log(state, lookup, { entry, member });
  }
  if (entry.tracks.length === 0) return;
  state.events.add(call.event);
  let place = state.entries.length;
  while (place > 0 && (state.entries[place - 1]?.at ?? 0) > call.at) place--;
  if (place === state.entries.length) state.entries.push(entry);
  else state.entries.splice(place, 0, entry);
}

function log(state: KeyState, { id, kind }: KeyLookup, { entry, member }: { entry: KeyEntry; member: string }): void {
  const track = state.tracks.get(id) ?? new KeyTrack(id, lasts(kind));
  state.tracks.set(id, track);
  // Two features of one rule set with the same definition are one.
  if (entry.tracks.includes(track)) return;
  track.insert(entry, member);
  entry.tracks.push(track);
}

function foldOldest(state: KeyState, lookup: KeyLookup, track: KeyTrack): void {
  const { id, kind, of, windowMs, exactTo } = lookup;
  const oldest = track.shift();
  if (oldest === undefined) return;
  const { entry, member } = oldest;
  entry.tracks.splice(entry.tracks.indexOf(track), 1);
  const fold = state.folds.get(id) ?? new KeyFold(windowMs);
  state.folds.set(id, fold);
  if (!lasts(kind)) fold.count(entry.at);
  // Labelled accounts are worth more than others: they leave last.
  else if (kind === 'labelled' && state.labels.size > 0)
    fold.keep(member, entry.at, exactTo, (one) => state.labels.get(one)?.label === of);
  else fold.keep(member, entry.at, exactTo);
}

/** Folds the oldest of every feature that has more than the log holds; an entry stays while such a feature needs it. */
function foldOverflow(state: KeyState, { lookups, at }: KeyCall, { logLength, slack }: KeyLimits): void {
  if (state.entries.length <= Math.max(logLength, state.floor) + slack) return;
  const asked = new Set<KeyTrack>();
  for (const lookup of lookups) {
    const track = state.tracks.get(lookup.id);
    if (track === undefined) continue;
    asked.add(track);
    for (let over = track.length - logLength; over > 0; over--) foldOldest(state, lookup, track);
  }
  state.entries = state.entries.filter(
    (entry) => entry.tracks.some((track) => asked.has(track)) || !leave(state, entry),
  );
  state.floor = state.entries.length;
  // Of features that no rule set has had for as long as their windows reach.
  for (const [id, { until, windowMs }] of state.folds)
    if (until + windowMs < at && !lookups.some((lookup) => lookup.id === id)) state.folds.delete(id);
}

function leave(state: KeyState, entry: KeyEntry): true {
  for (const track of entry.tracks) track.remove(entry);
  state.events.delete(entry.event);
  state.gone.add(entry.event);
  return true;
}

interface View {
  readonly state: KeyState;
  readonly call: KeyCall;
  readonly lookup: KeyLookup;
}

const nobody: ReadonlySet<string> = new Set();

const loggedMembers = ({ state, call, lookup }: View) =>
  state.tracks.get(lookup.id)?.membersIn(call.at - lookup.windowMs, call.at) ?? nobody;

function readDistinct(view: View): number {
  const { state, call, lookup } = view;
  const logged = loggedMembers(view);
  if (logged.size >= lookup.exactTo) return lookup.exactTo;
  const folded = state.folds.get(lookup.id)?.countOthers(call.at - lookup.windowMs, logged) ?? 0;
  return Math.min(logged.size + folded, lookup.exactTo);
}

function readCount({ state, lookup, call }: View): number {
  const from = call.at - lookup.windowMs;
  const logged = state.tracks.get(lookup.id)?.count(from, call.at) ?? 0;
  const fold = state.folds.get(lookup.id);
  if (fold === undefined || fold.until <= from) return logged;
  return Math.floor(logged + fold.countIn(from, call.at));
}

function readLabelled(view: View): number {
  const { state, lookup, call } = view;
  if (state.labels.size === 0) return 0;
  const logged = loggedMembers(view);
  const fold = state.folds.get(lookup.id);
  let found = 0;
  for (const [account, { label }] of state.labels) {
    if (label !== lookup.of) continue;
    if (logged.has(account) || fold?.hasMember(account, call.at - lookup.windowMs) === true) found++;
  }
  return Math.min(found, lookup.exactTo);
}

function readAge({ state, lookup, call }: View): number | undefined {
  const first = state.firstSeen.get(lookup.id);
  return first === undefined ? undefined : Math.max(0, (call.at - first) / 1000);
}

/** A new kind is one record here and one in the Lua twin. */
const kinds: Readonly<Record<LoggedKind, (view: View) => number | undefined>> = {
  count: readCount,
  distinct: readDistinct,
  labelled: readLabelled,
  age: readAge,
};

const readKey = (state: KeyState, call: KeyCall): (number | undefined)[] =>
  call.lookups.map((lookup) => kinds[lookup.kind]({ state, call, lookup }));

/** Counts the event in `state` and reads every lookup. The Lua script observe-keys does the same. */
export function observeKey(state: KeyState, call: KeyCall, limits = defaultLimits): (number | undefined)[] {
  if (call.label !== undefined) labelKey(state, call.account, call.label);
  enter(state, call);
  foldOverflow(state, call, limits);
  return readKey(state, call);
}

/** A later label replaces an earlier one, whatever the order of arrival. */
export function labelKey(state: KeyState, account: string, label: KeyLabel): void {
  const known = state.labels.get(account);
  if (known === undefined || label.at >= known.at) state.labels.set(account, label);
}

/** What `observeKey` would read, with nothing counted. */
export function peekKey(state: KeyState, call: KeyCall, limits = defaultLimits): (number | undefined)[] {
  const { account, event, label, lookups } = call;
  if (lookups.some(({ counts }) => counts) && !knowsEvent(state, event))
    return observeKey(copyKey(state), call, limits);
  if (label === undefined || state.labels.get(account) === label) return readKey(state, call);
  const labelled = copyKey(state);
  labelKey(labelled, account, label);
  return readKey(labelled, call);
}

/** For one more event: of those that left the log the copy knows nothing. */
function copyKey(state: KeyState): KeyState {
  const copies = new Map<KeyEntry, KeyEntry>(
    state.entries.map((entry) => [entry, { at: entry.at, event: entry.event, tracks: [] }]),
  );
  const tracks = new Map(
    [...state.tracks].map(([id, track]) => [id, track.copy((entry) => copies.get(entry) ?? entry)] as const),
  );
  for (const [entry, copy] of copies) copy.tracks.push(...entry.tracks.flatMap(({ id }) => tracks.get(id) ?? []));
  return {
    floor: state.floor,
    entries: [...copies.values()],
    events: new Set(state.events),
    tracks,
    folds: new Map([...state.folds].map(([id, fold]) => [id, fold.copy()])),
    firstSeen: new Map(state.firstSeen),
    labels: new Map(state.labels),
    gone: new RecentEvents(1),
  };
}
