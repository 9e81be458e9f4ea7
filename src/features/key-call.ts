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

/** What the feature logs of the event; undefined = nothing. */
export function memberOf({ kind, counts, member }: KeyLookup, { account }: { account: string }): string | undefined {
  if (!counts || kind === 'age') return undefined;
  if (kind === 'count') return '';
  if (kind === 'labelled') return account;
  return member === '' ? undefined : member;
}
