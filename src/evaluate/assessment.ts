import { type DecideContext, type Decided, decide } from '../decisions/decide.js';
import { decidingRules, type WithoutRule } from '../decisions/outcome-without.js';
import type { Reason } from '../model/decision.js';
import type { EventType } from '../model/event-type.js';
import { toTenths } from '../model/points.js';
import type { RingTrace } from '../model/ring.js';
import type { RuleHit } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { isKnown, isOutage, type Slots, type Value } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { SignalInput } from '../signals/signal-context.js';
import { textJson } from './canonical-json.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import type { Snapshot, TypePlan } from './snapshot.js';

/** What one event amounts to under one snapshot; nothing is recorded yet. */
export interface Assessment {
  readonly decided: Decided;
  readonly ruleSet: RuleSet;
  readonly at: Instant;
  readonly reasons: Reason[];
  /** Rules that turned the outcome by themselves. */
  readonly without: readonly WithoutRule[];
  /** Inputs that live rules read and that had no value. */
  readonly unknown: readonly string[];
  readonly degraded: readonly string[];
  /** Inputs that rules read and that could not be had. */
  readonly unavailable: readonly string[];
  /** Known signals and features, identifiers hashed; and where the event came from, also where no rule asks. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly inputsJson: string;
  /** True when inputs were missing that policy does not ignore: to be decided again when they are back. */
  readonly provisional: boolean;
  /** False: the event is to be counted and remembered later, from what is stored. */
  readonly isCounted: boolean;
  /** The ring of the account, or the one it would join by what this event shares. */
  readonly ring: { readonly id: string; readonly size: number } | null;
  readonly trace: RingTrace | undefined;
  /** As its events have said so far. */
  readonly accountPlan: string | undefined;
  /** What it would be, had no rule about rings fired. */
  decidedApartFromRings(): Decided;
  /** Counts what rules did: once the assessment is a decision that is recorded. */
  countActivity(): void;
}

type Lazy = 'decidedApartFromRings' | 'reasons' | 'without' | 'unknown' | 'unavailable' | 'inputs' | 'inputsJson';

interface Seen {
  readonly type: EventType;
  readonly plan: TypePlan;
  readonly signals: SignalInput;
  readonly slots: Slots;
  readonly context: DecideContext;
  readonly hiding: Hiding;
}

/** What is told of the evidence is made for whoever asks: not everybody does. */
export class Assessed implements Assessment {
  readonly decided;
  readonly ruleSet;
  readonly at;
  readonly degraded;
  readonly provisional;
  readonly isCounted;
  readonly ring;
  readonly trace;
  readonly accountPlan;
  readonly countActivity;

  constructor(
    known: Omit<Assessment, Lazy>,
    private readonly seen: Seen,
  ) {
    this.decided = known.decided;
    this.ruleSet = known.ruleSet;
    this.at = known.at;
    this.degraded = known.degraded;
    this.provisional = known.provisional;
    this.isCounted = known.isCounted;
    this.ring = known.ring;
    this.trace = known.trace;
    this.accountPlan = known.accountPlan;
    this.countActivity = known.countActivity;
  }

  decidedApartFromRings(): Decided {
    const hits = this.decided.hits.filter(({ rule }) => rule.family !== 'ring');
    return decide({ hits, shadowHits: [] }, this.seen.context);
  }

  get reasons(): Reason[] {
    const { snapshot, ports } = this.seen.hiding;
    return this.decided.hits.map((hit) => reasonOf(hit, snapshot, ports));
  }

  get without(): readonly WithoutRule[] {
    const { hits, reported, outcome } = this.decided;
    return decidingRules({ hits, outcome: reported?.outcome ?? outcome }, this.seen.context);
  }

  get unknown(): readonly string[] {
    return this.ruleSet.unknownInputs(this.seen.type, this.seen.slots);
  }

  get unavailable(): readonly string[] {
    // As nearly always: nothing to look for.
    if (this.degraded.length === 0) return [];
    const { plan, slots } = this.seen;
    return plan.inputs.filter(({ slot }) => isOutage(slots[slot])).map(({ name }) => name);
  }

  get inputs(): Readonly<Record<string, Value>> {
    return knownInputs(this.seen);
  }

  get inputsJson(): string {
    return knownInputsJson(this.seen);
  }
}

interface Hiding {
  readonly snapshot: Snapshot;
  readonly ports: EvaluatorPorts;
}

/** Raw identifiers never leave the story: what is stored, logged or shown is their keyed hash. */
const hidden = (name: string, value: Value, { snapshot, ports }: Hiding): Value =>
  snapshot.isIdentifier(name) ? ports.hashIdentifier(name, String(value)) : value;

function knownInputs({ plan, signals, slots, hiding }: Seen): Record<string, Value> {
  const { hashIdentifier } = hiding.ports;
  const inputs: Record<string, Value> = {};
  for (const { name, slot, isIdentifier } of plan.inputs) {
    const reading = slots[slot];
    if (isKnown(reading)) inputs[name] = isIdentifier ? hashIdentifier(name, String(reading)) : reading;
  }
  for (const { name, value } of plan.whereabouts(signals)) inputs[name] = value;
  return inputs;
}

/** What `JSON.stringify` makes of the known inputs, in one pass. */
function knownInputsJson({ plan, signals, slots, hiding }: Seen): string {
  const { hashIdentifier } = hiding.ports;
  let text = '';
  for (const { name, key, slot, isIdentifier } of plan.inputs) {
    const reading = slots[slot];
    if (!isKnown(reading)) continue;
    const value = isIdentifier ? hashIdentifier(name, String(reading)) : reading;
    text += `${text === '' ? '' : ','}${key}${valueJson(value)}`;
  }
  for (const { key, value } of plan.whereabouts(signals)) text += `${text === '' ? '' : ','}${key}${valueJson(value)}`;
  return `{${text}}`;
}

const valueJson = (value: Value): string => (typeof value === 'string' ? textJson(value) : JSON.stringify(value));

function reasonOf(hit: RuleHit, snapshot: Snapshot, ports: EvaluatorPorts): Reason {
  const evidence = Object.entries(hit.evidence).map(([name, value]) => [
    name,
    hidden(name, value, { snapshot, ports }),
  ]);
  return {
    code: hit.rule.reason,
    rule: hit.rule.id,
    points: toTenths(hit.points),
    title: hit.title,
    evidence: Object.fromEntries(evidence),
  };
}
