import type { EventType } from '../model/event-type.js';
import type { Label } from '../model/label.js';
import type { Outcome } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';

/** A decision as the truth keeps it, with what has become of its account. */
export interface StoredRow {
  readonly eventId: string;
  readonly accountId: string;
  readonly type: EventType;
  readonly decidedAt: Instant;
  readonly outcome: Outcome;
  /** Rules that fired, those that were only recorded included. */
  readonly fired: ReadonlySet<string>;
  /** Hash of the rule set that decided. */
  readonly ruleSet: string;
  readonly unknown: readonly string[];
  readonly degraded: readonly string[];
  /** Names of the inputs that could not be had; undefined where that was not written down, or there were none. */
  readonly unavailable?: readonly string[] | undefined;
  /** Identifiers hashed. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly label: Label | undefined;
}

/** Whose features and links a key of the layout speaks of. */
export interface StoredVariant {
  /** What keys begin with. */
  readonly prefix: string;
  readonly ruleSet: RuleSet;
}
