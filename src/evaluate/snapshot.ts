import type { BoundFeatures, FeatureMoment } from '../features/bind-features.js';
import type { ObservedType } from '../model/event-type.js';
import type { Hashes } from '../model/hashed-signals.js';
import type { InputGroup } from '../model/policy.js';
import type { RuleHit } from '../model/rule.js';
import type { Slots, Value } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { SignalInput } from '../signals/signal-context.js';
import type { RingPlan } from './plan-rings.js';
import type { RuleActivity } from './rule-activity.js';

export interface PlannedInput {
  readonly name: string;
  /** The name as JSON has it before a value: quoted, with its colon. */
  readonly key: string;
  readonly slot: number;
  /** Which stage has to give it. */
  readonly group: InputGroup;
  /** Hashed wherever it is stored or shown. */
  readonly isIdentifier: boolean;
}

/** A signal that is recorded with a decision though no rule has to read it. */
interface SeenSignal {
  readonly name: string;
  /** As of `PlannedInput`. */
  readonly key: string;
  readonly value: Value;
}

/** How the slots of one event type are filled; prepared once when a rule set is loaded. */
export interface TypePlan {
  /** Everything that is written. */
  readonly inputs: readonly PlannedInput[];
  /** Of the inputs, side by side: all of them are looked at for each event. */
  readonly inputSlots: Int32Array;
  writeSignals(input: SignalInput, slots: Slots): void;
  /** The slots that signals are written to. */
  readonly signalSlots: readonly number[];
  /** Where the event came from, as far as it is known and not among the inputs: the queue shows it and is searched by it. */
  whereabouts(input: SignalInput): readonly SeenSignal[];
  /** Of the signals that keys of features and links are made of. */
  hashesOf(slots: Slots): Hashes;
  bindFeatures(moment: FeatureMoment, slots: Slots, hashes: Hashes): BoundFeatures;
  /** Undefined for a rule set without links. */
  readonly rings: RingPlan | undefined;
}

/** The rule set with its lists, and the IP data, of one moment. Reload makes another and swaps it whole. */
export interface Snapshot {
  readonly ruleSet: RuleSet;
  /** Counts and fuses of this rule set; the one thing here that changes. */
  readonly activity: RuleActivity;
  planFor(type: ObservedType): TypePlan;
  /** Raw identifiers are hashed wherever they are stored or shown. */
  isIdentifier(inputName: string): boolean;
  /** The hit read what accounts were verified with. */
  restsOnEvidence(hit: RuleHit): boolean;
}
