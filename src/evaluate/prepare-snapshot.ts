import { planFeatures } from '../features/plan-features.js';
import type { CombineHashes, HashIdentifier } from '../model/entity.js';
import type { ObservedType } from '../model/event-type.js';
import { featureInputs } from '../model/feature.js';
import { HashedSignals } from '../model/hashed-signals.js';
import type { InputGroup } from '../model/policy.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { signalCatalogue } from '../signals/catalogue.js';
import type { SignalPorts } from '../signals/signal-context.js';
import { planSignals } from '../signals/write-signals.js';
import { planRings } from './plan-rings.js';
import { restsOnEvidence } from './rests-on-evidence.js';
import { RuleActivity, type RuleActivityListener } from './rule-activity.js';
import type { PlannedInput, Snapshot, TypePlan } from './snapshot.js';
import { planWhereabouts } from './whereabouts.js';

const identifiers = new Set(signalCatalogue.filter((signal) => signal.identifier).map((signal) => signal.name));

interface SnapshotPorts {
  readonly ports: SignalPorts;
  readonly hash: HashIdentifier;
  /** Makes one key of several hashes; they are joined end to end by default. */
  readonly combine?: CombineHashes | undefined;
  readonly listener: RuleActivityListener;
  /** Milliseconds, to sample what rules cost; without it nothing is sampled. */
  readonly elapsed?: (() => number) | undefined;
}

/**
 * Prepares once what every event of a type needs, so that evaluating one allocates and looks up as little as possible. A
 * type is prepared when its first event comes: all at once would hold up whoever changes the rules under load.
 */
export function prepareSnapshot(ruleSet: RuleSet, given: SnapshotPorts): Snapshot {
  const { listener, elapsed } = given;
  const plans = new Map<ObservedType, TypePlan>();
  return {
    ruleSet,
    activity: new RuleActivity(ruleSet, listener, elapsed),
    planFor: (type) => {
      const plan = plans.get(type) ?? planFor(type, ruleSet, given);
      plans.set(type, plan);
      return plan;
    },
    isIdentifier: (name) => identifiers.has(name),
    restsOnEvidence: restsOnEvidence(ruleSet.features),
  };
}

function planFor(type: ObservedType, ruleSet: RuleSet, { ports, hash, combine }: SnapshotPorts): TypePlan {
  const needs = ruleSet.needs(type);
  const { signals, features } = needs;
  const signalPlan = planSignals(signals);
  const hashed = new HashedSignals((name) => ruleSet.slotOf(name), hash);
  const featurePlan = planFeatures({ features, type, signals: hashed, combine });
  const input = (name: string, slot: number, group: InputGroup): PlannedInput => ({
    name,
    key: `${JSON.stringify(name)}:`,
    slot,
    group,
    isIdentifier: identifiers.has(name),
  });
  const inputs = [
    ...signals.map(({ name, slot }) => input(name, slot, groupOfSignals)),
    ...features.flatMap(({ spec, slot }) =>
      featureInputs(spec).map((name, index) => input(name, slot + index, groupOfFeatures)),
    ),
    ...needs.rings.map(({ name, slot }) => input(name, slot, groupOfRings)),
  ];
  return {
    inputs,
    inputSlots: Int32Array.from(inputs, ({ slot }) => slot),
    writeSignals: (of, slots) => signalPlan.write(of, ports, slots),
    signalSlots: signals.map(({ slot }) => slot),
    whereabouts: planWhereabouts(type, new Set(signals.map(({ name }) => name)), ports),
    hashesOf: (slots) => hashed.hashesOf(slots),
    bindFeatures: (moment, slots, hashes) => featurePlan.bind(moment, slots, hashes),
    rings: planRings(needs, ruleSet, { signals: hashed, hash, combine }),
  };
}

/** Only look-ups of addresses can fail among the signals. */
const groupOfSignals: InputGroup = 'ip_intel';
const groupOfFeatures: InputGroup = 'velocity';
const groupOfRings: InputGroup = 'ring';
