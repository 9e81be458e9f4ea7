import { type DecideContext, type Decided, decide } from '../decisions/decide.js';
import { decidingRules, type WithoutRule } from '../decisions/outcome-without.js';
import type { FeatureReadings } from '../features/feature-store.js';
import type { Reason } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { EventType } from '../model/event-type.js';
import type { InputGroup, Policy } from '../model/policy.js';
import type { RingSighting, RingTrace } from '../model/ring.js';
import type { RuleHit } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { isKnown, isOutage, type Slots, Unavailable, type Value } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { SignalInput } from '../signals/signal-context.js';
import type { Memento, Remembered } from './account-memory.js';
import { textJson } from './canonical-json.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { type EventTime, eventTime } from './event-time.js';
import { judgeCandidate } from './judge-candidate.js';
import { mementoOf, withMemento } from './memento.js';
import type { Patience } from './patience.js';
import type { RingFinding } from './plan-rings.js';
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
  /** The ring of the account, or the one it would join by what this event shares. */
  readonly ring: { readonly id: string; readonly size: number } | null;
  readonly trace: RingTrace | undefined;
  /** As its events have said so far. */
  readonly accountPlan: string | undefined;
  /** What it would be, had no rule about rings fired. */
  decidedApartFromRings(): Decided;
  /** Counts what rules did; for the assessment that becomes a decision. */
  countActivity(): void;
}

export interface AssessWith {
  readonly ports: EvaluatorPorts;
  /** False = read only. */
  readonly count: boolean;
  /** For the hot store. */
  readonly patience: Patience;
  /** When the event is known to have happened, for events that are decided again. */
  readonly at?: Instant;
  /** When windows and rings are looked at, if later: for accounts that are judged again. */
  readonly windowsAt?: Instant;
}

/** Signals, one wave of features and rings, rules, decision. No I/O happens while rules run. */
export async function assess(event: Event, before: Remembered | undefined, how: AssessWith): Promise<Assessment> {
  const { ports } = how;
  const snapshot = ports.snapshot();
  const now = ports.clock.now();
  const when =
    how.at === undefined ? eventTime(event.occurred_at, now, ports.eventTime) : { at: how.at, clamped: false };
  const memento = mementoOf(event, when.at);
  const account = withMemento(before, memento);
  const plan = snapshot.planFor(event.type);
  const slots = snapshot.ruleSet.newSlots();
  const signals = { event, remembered: account, at: when.at };
  plan.writeSignals(signals, slots);
  const finding = await readHistory(
    { event, slots, at: how.windowsAt ?? when.at, accountSince: account.firstSeenAt, plan, memento },
    how,
  );
  return concluded({ event, before, account, now, when, snapshot, plan, slots, signals, finding }, how);
}

/** All that is known of an event before the rules run. */
interface Sighted {
  readonly event: Event;
  readonly before: Remembered | undefined;
  readonly account: Remembered;
  readonly now: Instant;
  readonly when: EventTime;
  readonly snapshot: Snapshot;
  readonly plan: TypePlan;
  readonly slots: Slots;
  readonly signals: SignalInput;
  readonly finding: RingFinding;
}

function concluded(sighted: Sighted, { ports, at }: AssessWith): Assessment {
  const { event, before, account, now, when, snapshot, plan, slots, signals, finding } = sighted;
  const { ruleSet, activity } = snapshot;
  const { type } = event;
  const accountId = event.account.id;
  const clearedRules = before?.clearedRules === undefined ? none : new Set(before.clearedRules);
  const findings = ruleSet.judge(type, slots, { accountId, now, clearedRules, blownRules: activity.blownRules });
  const missing = missingGroups(plan, slots);
  const context = contextOf(snapshot, missing);
  const own = decide(findings, context);
  const candidate = at === undefined ? ports.candidate?.() : undefined;
  const seen = { live: snapshot, slots, signals, now, clearedRules, missing };
  const decided = candidate === undefined ? own : { ...own, shadow: [...own.shadow, judgeCandidate(candidate, seen)] };
  const known = {
    decided,
    ruleSet,
    at: when.at,
    degraded: [...(when.clamped ? ['occurred_at_clamped'] : []), ...missing.map((group) => `${group}_unavailable`)],
    provisional: isProvisional(ruleSet.policy, missing),
    ring: finding.ring === undefined ? null : { id: finding.ring.ringId, size: finding.ring.size },
    trace: finding.trace,
    accountPlan: account.parts.plan,
    countActivity: () => activity.record({ type, accountId, slots, findings, decided, at: now }),
  };
  return new Assessed(known, { type, plan, signals, slots, context, hiding: { snapshot, ports } });
}

const contextOf = (snapshot: Snapshot, missing: readonly InputGroup[]): DecideContext => ({
  policy: snapshot.ruleSet.policy,
  missing,
  isConfirmedFraud: (hit) => snapshot.restsOnFraudLabel(hit),
  reasonOf: (code) => snapshot.ruleSet.reasons.get(code),
  isOwnFraud: (hit) => snapshot.restsOnOwnLabel(hit),
});

const isProvisional = ({ level, unavailable }: Policy, missing: readonly InputGroup[]): boolean =>
  level === 'enforce' && missing.some((group) => unavailable[group] !== 'ignore');

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
class Assessed implements Assessment {
  readonly decided;
  readonly ruleSet;
  readonly at;
  readonly degraded;
  readonly provisional;
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

interface HistoryReading {
  readonly event: Event;
  readonly slots: Slots;
  /** When windows end. */
  readonly at: Instant;
  readonly accountSince: Instant | undefined;
  readonly plan: TypePlan;
  readonly memento: Memento;
}

const none: ReadonlySet<string> = new Set();

/** One wave: features are counted and read, rings are asked, and what the account is remembered by is written beside. */
async function readHistory(reading: HistoryReading, how: AssessWith): Promise<RingFinding> {
  const { ports, count, patience } = how;
  const { event, slots, at, accountSince, plan, memento } = reading;
  const onlyReads = how.windowsAt !== undefined;
  const moment = { eventId: event.event_id, accountId: event.account.id, at, accountSince, onlyReads };
  const hashes = plan.hashesOf(slots);
  const bound = plan.bindFeatures(moment, slots, hashes);
  const keys = plan.rings?.keys(hashes) ?? [];
  const ask = async (): Promise<Told> => {
    const [readings, sighting] = await Promise.all([
      count ? ports.features.observe(bound.request) : ports.features.peek(bound.request),
      plan.rings === undefined ? ringsUnreachable : ports.rings.find(event.account.id, keys, at),
      count ? ports.memory.remember(event.account.id, memento) : undefined,
    ]);
    return { readings, sighting };
  };
  const told = patience.isOver ? undefined : await patience.wait<Told | undefined>(ask(), undefined);
  const readings = told?.readings ?? bound.request.lookups.map(() => unreachable);
  const sighting = told === undefined ? ringsUnreachable : told.sighting;
  bound.write(readings, slots);
  const found = onlyReads ? plan.rings?.read(keys, sighting, slots) : plan.rings?.settle(keys, sighting, slots);
  return found ?? noRing;
}

/** What the hot store says in one wave. */
interface Told {
  readonly readings: FeatureReadings;
  readonly sighting: RingSighting | Unavailable;
}

const unreachable = new Unavailable('velocity_unavailable');
const ringsUnreachable = new Unavailable('ring_unavailable');
const noRing: RingFinding = { ring: undefined, trace: undefined };

function missingGroups(plan: TypePlan, slots: Slots): InputGroup[] {
  const groups = new Set<InputGroup>();
  for (const { slot, group } of plan.inputs) if (isOutage(slots[slot])) groups.add(group);
  return [...groups];
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
    points: Math.round(hit.points * 10) / 10,
    title: hit.title,
    evidence: Object.fromEntries(evidence),
  };
}
