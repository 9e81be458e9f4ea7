import type { AccessCause, AccessState } from '../model/access.js';
import type { Label } from '../model/label.js';
import type { Outcome, VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';
import type { Located } from '../ruleset/problem-sink.js';
import type { NumberCheck } from './number-check.js';

/** A sequence of events on a virtual clock, and what is to come of them. */
export interface SequenceTest {
  readonly name: string;
  readonly clock: Instant;
  readonly given: Given;
  /** In the order of time. */
  readonly steps: readonly Step[];
  readonly expectations: readonly Expectation[];
  /** Its name in the file. */
  readonly at: Located;
}

/** What the world of a test holds before its first event. */
export interface Given {
  /** By feature; `all` stands for those that are not named. */
  readonly baselines: ReadonlyMap<string, GivenBaseline>;
  readonly labels: readonly GivenLabel[];
  readonly accounts: readonly GivenAccounts[];
  /** Entries that a list holds besides its file's. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly networks: readonly GivenNetwork[];
}

/** What is usual for every key of a burst. */
export interface GivenBaseline {
  /** Of all events, the part that has the same key. */
  readonly share?: number;
  /** So many events of the key in a window, however busy everything is. */
  readonly expected?: number;
  /** Events of other keys in the window, besides those of the test. */
  readonly others: number;
}

/** Accounts that used these keys and have been labelled. */
export interface GivenLabel {
  readonly keys: ReadonlyMap<string, Value>;
  readonly label: Label;
  /** So long before the clock, unless there is a time. */
  readonly ageMs: number;
  readonly at?: Instant;
  readonly accounts: number;
}

/** Accounts in good standing that have used these keys for a while. */
export interface GivenAccounts {
  readonly keys: ReadonlyMap<string, Value>;
  readonly ageMs: number;
  readonly accounts: number;
}

/** What the IP data says of a range, instead of what it says in truth. */
export interface GivenNetwork {
  readonly range: string;
  readonly asn?: number;
  readonly name?: string;
  readonly country?: string;
}

export type Step =
  | {
      readonly kind: 'event';
      readonly at: Instant;
      readonly number: number;
      /** Made when it is called. */
      readonly body: () => JsonMap;
      readonly place: Located;
    }
  | { readonly kind: 'wait'; readonly at: Instant; readonly place: Located }
  | {
      readonly kind: 'label';
      readonly at: Instant;
      readonly accountId: string;
      readonly label: Label;
      readonly place: Located;
    }
  | {
      readonly kind: 'verify';
      readonly at: Instant;
      readonly accountId: string;
      readonly method: VerificationMethod;
      readonly result: 'passed' | 'failed';
      /** What whoever checked it saw, as given, by kind. */
      readonly evidence: Readonly<Record<string, string>>;
      readonly place: Located;
    }
  | {
      readonly kind: 'review';
      readonly at: Instant;
      readonly accountId: string;
      readonly to: 'held' | 'admitted' | 'denied';
      readonly place: Located;
    };

export type EventStep = Extract<Step, { kind: 'event' }>;

export type JsonMap = { [key: string]: Json };
export type Json = string | number | boolean | null | readonly Json[] | JsonMap;

/** What some events are to come to. */
export interface Expectation {
  /** Numbers of events, from 1. */
  readonly events: readonly number[];
  /** Each fires, live or in shadow. */
  readonly fires: readonly NamedRule[];
  /** These and no other live rule. */
  readonly fired: readonly NamedRule[] | undefined;
  readonly quiet: readonly NamedRule[];
  /** Quiet or unknown. */
  readonly notFired: readonly NamedRule[];
  readonly unknown: readonly NamedRule[];
  readonly outcome: Outcome | undefined;
  readonly score: NumberCheck | undefined;
  /** At the gate: `afterMs` after the event, else when all that is due has been done. */
  readonly state: AccessState | undefined;
  readonly afterMs: number | undefined;
  /** What brought the account into that state. */
  readonly by: AccessCause | undefined;
  /** Exactly what the account is asked for. */
  readonly verify: readonly VerificationMethod[] | undefined;
  /** Codes that are among those given; empty: none is. */
  readonly reasons: readonly string[] | undefined;
  readonly values: ReadonlyMap<string, ValueCheck>;
  readonly place: Located;
}

/** A number as compared, another value as it is; null = it has none. */
export type ValueCheck = NumberCheck | Value | null;

export interface NamedRule {
  readonly id: string;
  readonly place: Located;
}
