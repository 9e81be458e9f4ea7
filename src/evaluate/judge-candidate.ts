import { decide } from '../decisions/decide.js';
import { featureInputs } from '../model/feature.js';
import type { InputGroup } from '../model/policy.js';
import type { Outcome } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { Immature, type Slots } from '../model/value.js';
import type { SignalInput } from '../signals/signal-context.js';
import type { Snapshot } from './snapshot.js';

/** What the rule set in use saw of an event. */
interface SeenEvent {
  readonly live: Snapshot;
  readonly slots: Slots;
  readonly signals: SignalInput;
  readonly now: Instant;
  readonly clearedRules: ReadonlySet<string>;
  readonly missing: readonly InputGroup[];
}

interface CandidateOutcome {
  /** `ruleset:VERSION` */
  readonly rule: string;
  readonly outcome: Outcome;
}

/** Counted by no rule set in use: unknown, and no decision is degraded by it. */
const notCounted = new Immature('not_counted');

/**
 * What another rule set makes of an event that has been judged, without counting or asking anything for it: signals anew,
 * features and rings as the set in use has read them, where both declare the same; everything else is unknown.
 */
export function judgeCandidate(candidate: Snapshot, seen: SeenEvent): CandidateOutcome {
  const { ruleSet } = candidate;
  const { event } = seen.signals;
  const slots = ruleSet.newSlots();
  candidate.planFor(event.type).writeSignals(seen.signals, slots);
  copyHistory(candidate, slots, seen);
  const findings = ruleSet.judge(event.type, slots, {
    accountId: event.account.id,
    now: seen.now,
    clearedRules: seen.clearedRules,
  });
  const decided = decide(findings, {
    policy: ruleSet.policy,
    missing: seen.missing,
    reasonOf: (code) => ruleSet.reasons.get(code),
  });
  return { rule: candidateName(candidate), outcome: decided.reported?.outcome ?? decided.outcome };
}

export const candidateName = ({ ruleSet }: Snapshot): string => `ruleset:${ruleSet.version}`;

function copyHistory({ ruleSet }: Snapshot, slots: Slots, { live, slots: from, signals }: SeenEvent): void {
  const { type } = signals.event;
  const read = live.ruleSet.needs(type);
  const liveSlots = new Map(read.features.map(({ spec, slot }) => [`${spec.id} ${spec.exactTo}`, slot]));
  const needs = ruleSet.needs(type);
  for (const { spec, slot } of needs.features) {
    const source = liveSlots.get(`${spec.id} ${spec.exactTo}`);
    for (const index of featureInputs(spec).keys())
      slots[slot + index] = source === undefined ? notCounted : from[source + index];
  }
  const rings = new Map(read.rings.map(({ name, slot }) => [name, slot]));
  for (const { name, slot } of needs.rings) {
    const source = rings.get(name);
    slots[slot] = source === undefined ? notCounted : from[source];
  }
}
