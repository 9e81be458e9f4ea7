import type { Instant } from '../model/time.js';
import { BusyLog } from './busy-log.js';
import {
  type KeyCall,
  type KeyLabel,
  type KeyLimits,
  type KeyLookup,
  type LoggedEvent,
  loggedEvent,
} from './key-call.js';

export type { KeyCall, KeyLabel, KeyLimits, KeyLookup } from './key-call.js';

import type { LoggedKind } from './logged-kind.js';
import { goneMost } from './recent-events.js';

/** Everything known of one key. Nearly all keys have a few events in all: they take no more room than those. */
export interface KeyState {
  /** Event time after which nothing of it can be read. */
  until: Instant;
  /** The only event, without a list: most keys never have a second. */
  only: LoggedEvent | undefined;
  /** Two or more, in the order of time; empty once there is a log. */
  few: LoggedEvent[];
  log: BusyLog | undefined;
  firstSeen: Map<string, Instant> | undefined;
  labels: Map<string, KeyLabel> | undefined;
}

/** What docs/features.md promises; tests take smaller ones, so that short sequences fold. */
export const defaultLimits: KeyLimits = { logLength: 128, slack: 32 };

/** Of keys without a list; never written to. */
export const noEntries: LoggedEvent[] = [];

/** With more events than this a key is busy. */
const fewest = 12;

/** From so many labels on those go that came since the last folding, too, of accounts that the key counts no longer. */
const labelsMost = 256;

/** Is the event counted on this key already? */
function knowsEvent({ only, few, log }: KeyState, event: string): boolean {
  if (only !== undefined) return only.event === event;
  if (log !== undefined) return log.knows(event);
  for (const entry of few) if (entry.event === event) return true;
  return false;
}

/** Adds this event unless it is there. */
function enter(state: KeyState, call: KeyCall, limits: KeyLimits): void {
  if (knowsEvent(state, call.event)) return;
  for (const { id, kind, counts } of call.lookups) if (kind === 'age' && counts) seeFirst(state, id, call.at);
  const logged = loggedEvent(call);
  if (logged === undefined) return;
  if (state.log === undefined) addToFew(state, logged, limits);
  else state.log.enter(logged);
}

function seeFirst(state: KeyState, id: string, at: Instant): void {
  state.firstSeen ??= new Map();
  state.firstSeen.set(id, Math.min(state.firstSeen.get(id) ?? at, at));
}

function addToFew(state: KeyState, entry: LoggedEvent, limits: KeyLimits): void {
  const { only } = state;
  if (only === undefined && state.few.length === 0) {
    state.only = entry;
    return;
  }
  if (only !== undefined) {
    state.few = entry.at < only.at ? [entry, only] : [only, entry];
    state.only = undefined;
  } else insertInto(state.few, entry);
  const { few } = state;
  if (few.length <= Math.min(fewest, limits.logLength)) return;
  state.log = new BusyLog(limits.gone ?? goneMost);
  for (const one of few) state.log.enter(one);
  state.few = noEntries;
}

function insertInto(few: LoggedEvent[], entry: LoggedEvent): void {
  let place = few.length;
  while (place > 0 && (few[place - 1]?.at ?? 0) > entry.at) place--;
  if (place === few.length) few.push(entry);
  else few.splice(place, 0, entry);
}

/** What the feature has logged of an event in its window; nearly always the lookups of two events stand in the same order. */
function fewMember(
  { at, ids, members }: LoggedEvent,
  call: KeyCall,
  { id, index, windowMs }: KeyLookup,
): string | undefined {
  if (at <= call.at - windowMs || at > call.at) return undefined;
  return members[ids === call.ids || ids[index] === id ? index : ids.indexOf(id)];
}

/** Three arguments and no object for them: this runs for every feature of every event. */
type ReadFeature = (state: KeyState, call: KeyCall, lookup: KeyLookup) => number | undefined;

const readDistinct: ReadFeature = ({ only, few, log }, call, lookup) => {
  if (only !== undefined) return fewMember(only, call, lookup) === undefined ? 0 : Math.min(1, lookup.exactTo);
  if (log !== undefined) return log.distinct(lookup, call.ids, call.at);
  if (few.length === 0) return 0;
  const members: string[] = [];
  for (const entry of few) {
    const member = fewMember(entry, call, lookup);
    if (member !== undefined && !members.includes(member)) members.push(member);
  }
  return Math.min(members.length, lookup.exactTo);
};

const readCount: ReadFeature = ({ only, few, log }, call, lookup) => {
  if (only !== undefined) return fewMember(only, call, lookup) === undefined ? 0 : 1;
  if (log !== undefined) return log.count(lookup, call.ids, call.at);
  let count = 0;
  for (const entry of few) if (fewMember(entry, call, lookup) !== undefined) count++;
  return count;
};

const readLabelled: ReadFeature = ({ only, few, log, labels }, call, lookup) => {
  if (labels === undefined) return 0;
  if (only !== undefined) {
    const account = fewMember(only, call, lookup);
    return account !== undefined && labels.get(account)?.label === lookup.of ? Math.min(1, lookup.exactTo) : 0;
  }
  if (log !== undefined) return log.labelled(lookup, call, labels);
  const found = new Set<string>();
  for (const entry of few) {
    const account = fewMember(entry, call, lookup);
    if (account !== undefined && labels.get(account)?.label === lookup.of) found.add(account);
  }
  return Math.min(found.size, lookup.exactTo);
};

const readAge: ReadFeature = ({ firstSeen }, call, lookup) => {
  const first = firstSeen?.get(lookup.id);
  return first === undefined ? undefined : Math.max(0, (call.at - first) / 1000);
};

/** A new kind is one record here and one in the Lua twin. */
const kinds: Readonly<Record<LoggedKind, ReadFeature>> = {
  count: readCount,
  distinct: readDistinct,
  labelled: readLabelled,
  age: readAge,
};

/** Of each lookup, by its place. */
type Values = (number | undefined)[];

function readKey(state: KeyState, call: KeyCall, values: Values): Values {
  for (const lookup of call.lookups) values[lookup.index] = kinds[lookup.kind](state, call, lookup);
  return values;
}

/**
 * Counts the event in `state` and reads every lookup; what is read is put into `values`, which may be longer. The Lua script
 * observe-keys does the same.
 */
export function observeKey(state: KeyState, call: KeyCall, limits = defaultLimits, values: Values = []): Values {
  if (call.label !== undefined) labelKey(state, call.account, call.label);
  enter(state, call, limits);
  if (state.log?.fold(call, limits, state.labels)) dropLabels(state);
  return readKey(state, call, values);
}

/** To an account that comes to the key again its label is told again: the key knows only those of accounts that it counts. */
function dropLabels({ only, few, log, labels }: KeyState): void {
  if (labels === undefined) return;
  const counted = log?.members() ?? new Set((only === undefined ? few : [only]).flatMap(({ members }) => members));
  for (const account of labels.keys()) if (!counted.has(account)) labels.delete(account);
}

/** A later label replaces an earlier one, whatever the order of arrival. */
export function labelKey(state: KeyState, account: string, label: KeyLabel): void {
  state.labels ??= new Map();
  if (state.labels.size >= labelsMost) dropLabels(state);
  const known = state.labels.get(account);
  if (known === undefined || label.at >= known.at) state.labels.set(account, label);
}

/** What `observeKey` would read, with nothing counted. */
export function peekKey(state: KeyState, call: KeyCall, limits = defaultLimits, values: Values = []): Values {
  const { account, event, label, counts } = call;
  if (counts && !knowsEvent(state, event)) return observeKey(copyKey(state), call, limits, values);
  if (label === undefined || state.labels?.get(account) === label) return readKey(state, call, values);
  const labelled = copyKey(state);
  labelKey(labelled, account, label);
  return readKey(labelled, call, values);
}

const copyKey = ({ until, only, few, log, firstSeen, labels }: KeyState): KeyState => ({
  until,
  only,
  few: [...few],
  log: log?.copy(),
  firstSeen: firstSeen && new Map(firstSeen),
  labels: labels && new Map(labels),
});
