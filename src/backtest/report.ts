import type { EventType } from '../model/event-type.js';
import type { Family, Outcome } from '../model/rule.js';
import type { Share } from '../model/share.js';

export type { Share } from '../model/share.js';

/** Which way decisions go: from, to, how many. Only those that changed. */
export interface Change {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly count: number;
}

/** Accounts by what is known of them; without a label is not honest. */
export interface ByLabel {
  readonly all: number;
  readonly fraud: number;
  readonly honest: number;
  readonly unlabelled: number;
}

/** Share of labelled accounts, with 95 % intervals (Wilson). */
export interface Quality {
  /** Fraudulent among the labelled accounts it touched. */
  readonly precision: Share;
  /** Touched among all accounts labelled as fraud. */
  readonly recall: Share;
  /** Touched among all accounts labelled as honest. */
  readonly honest: Share;
}

export interface Example {
  readonly event_id: string;
  readonly account_id: string;
  readonly type: EventType;
  readonly at: string;
  readonly from: Outcome;
  readonly to: Outcome;
  readonly label: 'fraud' | 'honest' | null;
  /** What fired, with its points and title. */
  readonly reasons: readonly { readonly rule: string; readonly points: number; readonly title: string }[];
}

/** Honest accounts with something in common that were held or denied. */
export interface Crowd {
  readonly trait: string;
  readonly value: string;
  /** Honest accounts with this trait. */
  readonly accounts: number;
  readonly held: number;
  /** Of them, held by the baseline too. */
  readonly held_before?: number;
}

/** What one rule did, or would do if it were live. */
export interface RuleReport {
  readonly id: string;
  readonly family: Family;
  readonly mode: string;
  readonly owner: string;
  readonly events: {
    readonly evaluated: number;
    /** It counted: as a live rule, or as one that is only recorded. */
    readonly fired: number;
    readonly shadow: number;
    /** Its condition could be neither true nor false: something it reads was missing. */
    readonly unknown: number;
    /** Its condition was true, and an exception, a clearing, a roll-out or unknown points set it aside. */
    readonly set_aside: number;
  };
  readonly fires_a_day: { readonly mean: number; readonly most: number };
  readonly unknown_share: number;
  readonly points: { readonly least: number; readonly mean: number; readonly most: number } | null;
  readonly accounts: ByLabel;
  readonly quality: Quality | null;
  /** Decisions that this rule alone turns, from without it to with it; a shadow rule as if it were live. */
  readonly changes: { readonly events: readonly Change[]; readonly accounts: readonly Change[] };
  /** Accounts that are held or denied with it and would not be without it. */
  readonly unique: ByLabel;
  readonly overlap: readonly { readonly rule: string; readonly both: number; readonly jaccard: number }[];
  readonly examples: readonly Example[];
  /** Nanoseconds that the condition takes on one event by itself, measured on a sample; absent when it was not measured. */
  readonly cost_ns?: number;
}

export interface RuleSetReport {
  readonly version: string;
  readonly hash: string;
  readonly events: Readonly<Record<Outcome, number>>;
  /** Each account by its strictest outcome. */
  readonly accounts: Readonly<Record<Outcome, number>>;
  /** Held or denied. */
  readonly held: ByLabel;
  readonly quality: Quality | null;
}

export interface BacktestReport {
  /** Ended before the last event: figures are of what was read. */
  readonly partial: boolean;
  readonly events: number;
  readonly accounts: ByLabel;
  /** Null when there was no event. */
  readonly from: string | null;
  readonly to: string | null;
  readonly days: number;
  readonly rule_set: RuleSetReport;
  readonly baseline: RuleSetReport | null;
  /** From the baseline's decision to the rule set's; null without one. */
  readonly changes: {
    readonly events: readonly Change[];
    readonly accounts: readonly Change[];
    readonly newly_held: ByLabel;
    readonly released: ByLabel;
    readonly examples: readonly Example[];
  } | null;
  readonly crowds: readonly Crowd[];
  readonly rules: readonly RuleReport[];
  /** Rules that read what the source does not have, with the share of events where that was so. */
  readonly not_judged: readonly { readonly rule: string; readonly inputs: readonly string[]; readonly share: number }[];
  /** What the reader has to know: where history came from, what was left out. */
  readonly notes: readonly string[];
}
