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
  /** Its place among the lookups of its key. */
  readonly index: number;
}

export interface KeyCall {
  readonly at: Instant;
  readonly event: string;
  readonly account: string;
  /** The account's label, when one was given before it touched this key. */
  readonly label?: KeyLabel | undefined;
  readonly lookups: readonly KeyLookup[];
  /** Does any of them count? */
  readonly counts: boolean;
  /** Of each lookup; one list for all calls that ask the same. */
  readonly ids: readonly string[];
  /** What each `distinct` counts of the event; undefined where the event has none, and for other kinds. */
  readonly members: readonly (string | undefined)[];
}

export interface KeyLabel {
  readonly label: Label;
  readonly at: Instant;
}

export interface KeyLimits {
  /** Events a feature keeps one by one, a count as many as it is exact to where that is more; older ones are folded. */
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

/** Undefined when no feature logs anything. */
export function loggedEvent({ at, event, account, lookups, ids, members }: KeyCall): LoggedEvent | undefined {
  const logged = roomFor(lookups.length);
  let isLogged = false;
  for (let index = 0; index < lookups.length; index++) {
    const lookup = lookups[index];
    const member = lookup === undefined ? undefined : memberOf(lookup, account, members[index]);
    logged[index] = member;
    isLogged ||= member !== undefined;
  }
  return isLogged ? { at, event, ids, members: logged } : undefined;
}

/** Of the very length, and of one kind whatever it will hold: kinds of lists that differ are slow to read. */
const roomFor = (length: number): (string | undefined)[] => {
  switch (length) {
    case 1:
      return [undefined];
    case 2:
      return [undefined, undefined];
    case 3:
      return [undefined, undefined, undefined];
    case 4:
      return [undefined, undefined, undefined, undefined];
    default:
      return new Array<string | undefined>(length).fill(undefined);
  }
};

function memberOf({ kind, counts }: KeyLookup, account: string, member: string | undefined): string | undefined {
  if (!counts || kind === 'age') return undefined;
  if (kind === 'count') return '';
  return kind === 'labelled' ? account : member;
}
