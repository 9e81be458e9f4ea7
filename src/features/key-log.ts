import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';
import type { LoggedKind } from './logged-kind.js';

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

/** One event on a key: the features that count it, each with its member. */
interface Entry {
  readonly at: Instant;
  readonly event: string;
  readonly account: string;
  readonly marks: Map<string, string>;
}

/** What a feature keeps of events that no longer fit the log. */
interface Fold {
  /** Time of the newest event that was folded. */
  until: Instant;
  readonly windowMs: number;
  /** Bucket number to count. */
  readonly buckets: Map<number, number>;
  /** Member to the last time it was seen. */
  readonly members: Map<string, Instant>;
}

/** Everything known of one key. */
export interface KeyState {
  readonly entries: Entry[];
  /** Entries that the last folding left. */
  floor: number;
  readonly folds: Map<string, Fold>;
  readonly firstSeen: Map<string, Instant>;
  readonly labels: Map<string, KeyLabel>;
  /** Events that left the log: a repeat of one is still known. */
  readonly gone: Set<string>;
}

export interface KeyLimits {
  /** Events a feature keeps one by one; older ones are folded. */
  readonly logLength: number;
  /** Folding waits for this many more: doing it for every event would cost the most where traffic is heaviest. */
  readonly slack: number;
}

/** What docs/features.md promises; tests take smaller ones, so that short sequences fold. */
export const defaultLimits: KeyLimits = { logLength: 128, slack: 32 };
/** Parts of a window that folded events are counted in: the error is at most what one part holds. */
export const bucketsPerWindow = 16;

export const emptyKey = (): KeyState => ({
  entries: [],
  floor: 0,
  folds: new Map(),
  firstSeen: new Map(),
  labels: new Map(),
  gone: new Set(),
});

const lasts = (kind: LoggedKind): boolean => kind === 'distinct' || kind === 'labelled';

function marksOf(call: KeyCall): Map<string, string> {
  const marks = new Map<string, string>();
  for (const { id, kind, counts, member } of call.lookups) {
    if (!counts || kind === 'age') continue;
    if (kind === 'count') marks.set(id, '');
    else if (kind === 'labelled') marks.set(id, call.account);
    else if (member !== '') marks.set(id, member);
  }
  return marks;
}

/** Adds this event unless it is there; the entries stay in the order of time. */
function enter(state: KeyState, call: KeyCall): void {
  if (state.gone.has(call.event) || state.entries.some(({ event }) => event === call.event)) return;
  for (const { id, kind, counts } of call.lookups)
    if (kind === 'age' && counts) state.firstSeen.set(id, Math.min(state.firstSeen.get(id) ?? call.at, call.at));
  const marks = marksOf(call);
  if (marks.size === 0) return;
  let place = state.entries.length;
  while (place > 0 && (state.entries[place - 1]?.at ?? 0) > call.at) place--;
  state.entries.splice(place, 0, { at: call.at, event: call.event, account: call.account, marks });
}

function foldMark(state: KeyState, lookup: KeyLookup, entry: Entry): void {
  const fold = state.folds.get(lookup.id) ?? {
    until: entry.at,
    windowMs: lookup.windowMs,
    buckets: new Map(),
    members: new Map(),
  };
  state.folds.set(lookup.id, fold);
  fold.until = Math.max(fold.until, entry.at);
  const member = entry.marks.get(lookup.id) ?? '';
  if (lasts(lookup.kind)) keepLatest(state, fold, lookup, { member, at: entry.at });
  else keepBucket(fold, lookup, entry.at);
}

function keepBucket(fold: Fold, { windowMs }: KeyLookup, at: Instant): void {
  const width = windowMs / bucketsPerWindow;
  const number = Math.floor(at / width);
  fold.buckets.set(number, (fold.buckets.get(number) ?? 0) + 1);
  const oldest = Math.floor(fold.until / width) - 2 * bucketsPerWindow;
  for (const bucket of fold.buckets.keys()) if (bucket < oldest) fold.buckets.delete(bucket);
}

/** Labelled accounts are worth more than others: they leave last. */
function keepLatest(state: KeyState, fold: Fold, lookup: KeyLookup, seen: { member: string; at: Instant }): void {
  fold.members.set(seen.member, Math.max(fold.members.get(seen.member) ?? seen.at, seen.at));
  if (fold.members.size <= lookup.exactTo) return;
  let leaver: { member: string; at: Instant; labelled: boolean } | undefined;
  for (const [member, at] of fold.members) {
    const labelled = lookup.kind === 'labelled' && state.labels.get(member)?.label === lookup.of;
    const goesFirst =
      leaver === undefined ||
      (labelled === leaver.labelled ? at < leaver.at || (at === leaver.at && member < leaver.member) : leaver.labelled);
    if (goesFirst) leaver = { member, at, labelled };
  }
  if (leaver !== undefined) fold.members.delete(leaver.member);
}

/** Folds the oldest marks of every feature that has more than the log holds; an entry stays while such a feature needs it. */
function foldOverflow(state: KeyState, { lookups, at }: KeyCall, { logLength, slack }: KeyLimits): void {
  if (state.entries.length <= Math.max(logLength, state.floor) + slack) return;
  for (const lookup of lookups) {
    let over = state.entries.filter(({ marks }) => marks.has(lookup.id)).length - logLength;
    for (const entry of state.entries) {
      if (over <= 0) break;
      if (!entry.marks.has(lookup.id)) continue;
      foldMark(state, lookup, entry);
      entry.marks.delete(lookup.id);
      over--;
    }
  }
  for (let index = state.entries.length - 1; index >= 0; index--) {
    const entry = state.entries[index];
    if (entry === undefined || lookups.some(({ id }) => entry.marks.has(id))) continue;
    state.gone.add(entry.event);
    state.entries.splice(index, 1);
  }
  state.floor = state.entries.length;
  // Of features that no rule set has had for as long as their windows reach.
  for (const [id, { until, windowMs }] of state.folds)
    if (until + windowMs < at && !lookups.some((lookup) => lookup.id === id)) state.folds.delete(id);
}

/** How many of the folded events fall into (from, to], each bucket by the share of it that does. */
function foldedCount(fold: Fold, width: number, from: Instant, to: Instant): number {
  let sum = 0;
  for (const [number, count] of [...fold.buckets].sort(([one], [other]) => one - other)) {
    const start = number * width;
    const end = Math.min(start + width, fold.until);
    const share =
      end <= start
        ? start > from && start <= to
          ? 1
          : 0
        : (Math.min(end, to) - Math.max(start, from)) / (end - start);
    if (share > 0) sum += count * Math.min(1, share);
  }
  return sum;
}

interface View {
  readonly state: KeyState;
  readonly call: KeyCall;
  readonly lookup: KeyLookup;
}

const inWindow = (at: Instant, { call, lookup }: View): boolean => at <= call.at && at > call.at - lookup.windowMs;

function membersOf(view: View): Set<string> {
  const { state, lookup, call } = view;
  const members = new Set<string>();
  for (const entry of state.entries) {
    const member = entry.marks.get(lookup.id);
    if (member !== undefined && inWindow(entry.at, view)) members.add(member);
  }
  const from = call.at - lookup.windowMs;
  for (const [member, last] of state.folds.get(lookup.id)?.members ?? []) if (last > from) members.add(member);
  return members;
}

function readCount(view: View): number {
  const { state, lookup, call } = view;
  const logged = state.entries.filter((entry) => entry.marks.has(lookup.id) && inWindow(entry.at, view)).length;
  const fold = state.folds.get(lookup.id);
  const from = call.at - lookup.windowMs;
  if (fold === undefined || fold.until <= from) return logged;
  return Math.floor(logged + foldedCount(fold, lookup.windowMs / bucketsPerWindow, from, call.at));
}

function readLabelled(view: View): number {
  const { state, lookup } = view;
  let found = 0;
  for (const account of membersOf(view)) if (state.labels.get(account)?.label === lookup.of) found++;
  return Math.min(found, lookup.exactTo);
}

function readAge({ state, lookup, call }: View): number | undefined {
  const first = state.firstSeen.get(lookup.id);
  return first === undefined ? undefined : Math.max(0, (call.at - first) / 1000);
}

/** A new kind is one record here and one in the Lua twin. */
const kinds: Readonly<Record<LoggedKind, (view: View) => number | undefined>> = {
  count: readCount,
  distinct: (view) => Math.min(membersOf(view).size, view.lookup.exactTo),
  labelled: readLabelled,
  age: readAge,
};

/** Counts the event in `state` and reads every lookup. The Lua script observe-keys does the same. */
export function observeKey(state: KeyState, call: KeyCall, limits = defaultLimits): (number | undefined)[] {
  if (call.label !== undefined) labelKey(state, call.account, call.label);
  enter(state, call);
  foldOverflow(state, call, limits);
  return call.lookups.map((lookup) => kinds[lookup.kind]({ state, call, lookup }));
}

/** A later label replaces an earlier one, whatever the order of arrival. */
export function labelKey(state: KeyState, account: string, label: KeyLabel): void {
  const known = state.labels.get(account);
  if (known === undefined || label.at >= known.at) state.labels.set(account, label);
}

export function copyKey(state: KeyState): KeyState {
  return {
    floor: state.floor,
    entries: state.entries.map((entry) => ({ ...entry, marks: new Map(entry.marks) })),
    folds: new Map(
      [...state.folds].map(([id, fold]) => [
        id,
        { ...fold, buckets: new Map(fold.buckets), members: new Map(fold.members) },
      ]),
    ),
    firstSeen: new Map(state.firstSeen),
    labels: new Map(state.labels),
    gone: new Set(state.gone),
  };
}
