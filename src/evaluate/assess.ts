import { type DecideContext, decide } from '../decisions/decide.js';
import { type FeatureReadings, type FeatureRequest, isUnreached, unreached } from '../features/feature-store.js';
import type { Event } from '../model/event.js';
import type { InputGroup, Policy } from '../model/policy.js';
import type { RingSighting } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import { isOutage, type Slots, Unavailable } from '../model/value.js';
import type { SignalInput } from '../signals/signal-context.js';
import type { Remembered } from './account-memory.js';
import { Assessed, type Assessment } from './assessment.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { type EventTime, eventTime } from './event-time.js';
import { judgeCandidate } from './judge-candidate.js';
import type { Patience } from './patience.js';
import type { RingFinding } from './plan-rings.js';
import { type SightedEvent, sightEvent } from './sight-event.js';
import type { Snapshot, TypePlan } from './snapshot.js';

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
  const again = how.windowsAt !== undefined;
  const sighted = sightEvent({ event, before, at: when.at, snapshot, again }, ports);
  const { account, slots } = sighted;
  const { plan } = sighted.sighting;
  const signals = { event, remembered: account, at: when.at };
  const history = await readHistory(sighted, how);
  return concluded({ event, before, account, now, when, snapshot, plan, slots, signals, history }, how);
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
  readonly history: HistoryRead;
}

function concluded(sighted: Sighted, { ports, at }: AssessWith): Assessment {
  const { event, before, account, now, when, snapshot, plan, slots, signals, history } = sighted;
  const { finding, isCounted } = history;
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
    isCounted,
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
  reasonOf: (code) => snapshot.ruleSet.reasons.get(code),
});

const isProvisional = ({ level, unavailable }: Policy, missing: readonly InputGroup[]): boolean =>
  level === 'enforce' && missing.some((group) => unavailable[group] !== 'ignore');

const none: ReadonlySet<string> = new Set();

/** One wave: features are counted and read, rings are asked, and what the account is remembered by is written beside. */
async function readHistory({ sighting, account, slots }: SightedEvent, how: AssessWith): Promise<HistoryRead> {
  const { ports, count, patience } = how;
  const { event, hashes, plan, memento, links } = sighting;
  const onlyReads = how.windowsAt !== undefined;
  const accountSince = account.firstSeenAt;
  // When windows end.
  const at = how.windowsAt ?? sighting.at;
  const moment = { eventId: event.event_id, accountId: event.account.id, at, accountSince, onlyReads };
  const bound = plan.bindFeatures(moment, slots, hashes);
  const ask = async (): Promise<Told> => {
    const [readings, rings, isRemembered] = await Promise.all([
      count ? ports.features.observe(bound.request) : ports.features.peek(bound.request),
      plan.rings === undefined ? ringsUnreachable : ports.rings.find(event.account.id, links, at),
      !count || ports.memory.remember(event.account.id, memento),
    ]);
    return { readings, rings, isRemembered };
  };
  const told = patience.isOver ? undefined : await patience.wait<Told | undefined>(ask(), undefined);
  const readings = told?.readings ?? bound.request.lookups.map(() => unreachable);
  const rings = told === undefined ? ringsUnreachable : told.rings;
  bound.write(readings, slots);
  const found = onlyReads ? plan.rings?.read(links, rings, slots) : plan.rings?.settle(links, rings, slots);
  const isKept = told?.isRemembered === true && isCountedBy(bound.request, readings);
  return { finding: found ?? noRing, isCounted: !count || isKept };
}

/** Lookups are made one by one only where some reading is missing. */
const isCountedBy = (request: FeatureRequest, readings: FeatureReadings): boolean =>
  !readings.some((reading, i) => isUnreached(reading) && request.lookups[i]?.counts === true);

interface HistoryRead {
  readonly finding: RingFinding;
  readonly isCounted: boolean;
}

/** What the hot store says in one wave. */
interface Told {
  readonly readings: FeatureReadings;
  readonly rings: RingSighting | Unavailable;
  readonly isRemembered: boolean;
}

const unreachable = new Unavailable(unreached);
const ringsUnreachable = new Unavailable('ring_unavailable');
const noRing: RingFinding = { ring: undefined, trace: undefined };

function missingGroups({ inputs, inputSlots }: TypePlan, slots: Slots): readonly InputGroup[] {
  let groups: Set<InputGroup> | undefined;
  for (let index = 0; index < inputSlots.length; index++) {
    const input = isOutage(slots[inputSlots[index] ?? -1]) ? inputs[index] : undefined;
    if (input === undefined) continue;
    groups ??= new Set();
    groups.add(input.group);
  }
  return groups === undefined ? nothingMissing : [...groups];
}

const nothingMissing: readonly InputGroup[] = [];
