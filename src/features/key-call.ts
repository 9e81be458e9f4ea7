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

export interface KeyLimits {
  /** Events a feature keeps one by one; older ones are folded. */
  readonly logLength: number;
  /** Folding waits for this many more: doing it for every event would cost the most where traffic is heaviest. */
  readonly slack: number;
  /** Events that left the log and are still known when they come again; 10,000 where it is not told. */
  readonly gone?: number;
}

export const lasts = (kind: LoggedKind): boolean => kind === 'distinct' || kind === 'labelled';

/** One event on a key, as small as it can be: there are as many as events and keys of each. */
export interface LoggedEvent {
  readonly at: Instant;
  readonly event: string;
  /** Features by their ids. */
  readonly ids: readonly string[];
  /** What each logs of the event; undefined = nothing. */
  readonly members: readonly (string | undefined)[];
}

/** Undefined when no feature logs anything. `known`: ids that an event before it had, and most have the same. */
export function loggedEvent(call: KeyCall, known?: readonly string[]): LoggedEvent | undefined {
  const { at, event, lookups } = call;
  const members = lookups.map((lookup) => memberOf(lookup, call));
  if (members.every((member) => member === undefined)) return undefined;
  const isSame = known?.length === lookups.length && lookups.every(({ id }, index) => known[index] === id);
  return { at, event, ids: isSame ? known : lookups.map(({ id }) => id), members };
}

function memberOf({ kind, counts, member }: KeyLookup, { account }: KeyCall): string | undefined {
  if (!counts || kind === 'age') return undefined;
  if (kind === 'count') return '';
  if (kind === 'labelled') return account;
  return member === '' ? undefined : member;
}
