import type { StoredDecision } from '../decisions/decision-log.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { own } from '../model/own.js';
import { Immature, type Reading, type Slots, Unavailable } from '../model/value.js';
import type { LostReason } from '../ruleset/find-flip.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { identifierNames } from './recall-identifiers.js';

interface RestoreFrom {
  readonly stored: Pick<StoredDecision, 'decision' | 'inputs'>;
  /** Identifiers in clear. */
  readonly recalled: ReadonlyMap<string, string>;
  /** Why the other identifiers are unknown. */
  readonly hiddenBecause: Extract<LostReason, 'erased' | 'hashed'>;
  /** The rules of then, where they are others: what they did not ask for was not recorded. */
  readonly askedBy?: RuleSet | 'unknown' | undefined;
  /** Signals of the event as they are computed now, in slots of the rule set. */
  readonly recomputed?: Slots | undefined;
}

/** What a decision saw, in the slots of a rule set: its own, or another. Nothing that is unknown is taken for absent. */
export function restoreInputs(ruleSet: RuleSet, from: RestoreFrom): Slots {
  const specs = new Map(ruleSet.features.flatMap((spec) => featureInputs(spec).map((name) => [name, spec] as const)));
  const asked = from.askedBy === undefined ? undefined : askedFor(from.askedBy, from);
  return ruleSet.names.map((name, slot) => {
    const spec = specs.get(name);
    if (asked !== undefined && !asked(name, spec)) return notRecorded(name, slot, { spec, from });
    return readingOf(name, spec, from);
  });
}

function readingOf(name: string, spec: FeatureSpec | undefined, from: RestoreFrom): Reading {
  const value = own(from.stored.inputs, name);
  if (value === undefined) return missing(name, spec, from);
  if (!identifierNames.has(name)) return value;
  return from.recalled.get(name) ?? new Unavailable(from.hiddenBecause);
}

interface NotRecorded {
  readonly spec: FeatureSpec | undefined;
  readonly from: RestoreFrom;
}

/** Today's value of a signal; history of then cannot be had. */
const notRecorded = (name: string, slot: number, { spec, from }: NotRecorded): Reading =>
  spec === undefined && !name.startsWith('ring.') && from.recomputed !== undefined
    ? from.recomputed[slot]
    : new Unavailable('not_recorded');

/** Whether the rules of then had this input written; an edited feature is another feature. */
function askedFor(then: RuleSet | 'unknown', { stored }: RestoreFrom) {
  const { inputs, decision } = stored;
  const without = [...decision.unknown, ...(decision.unavailable ?? [])];
  if (then === 'unknown') return (name: string): boolean => Object.hasOwn(inputs, name) || without.includes(name);
  const needs = then.needs(decision.type);
  const names = new Set([
    ...needs.signals.map(({ name }) => name),
    ...needs.features.flatMap(({ spec }) => featureInputs(spec)),
    ...needs.rings.map(({ name }) => name),
  ]);
  const ids = new Set(needs.features.map(({ spec }) => spec.id));
  return (name: string, spec: FeatureSpec | undefined): boolean =>
    names.has(name) && (spec === undefined || ids.has(spec.id));
}

/** An address is looked up for these. */
const lookedUp = /^(?:ip\.(?!address$|version$|prefix)|geo\.|signup\.(?:asn|country|ip_kind)$)/;

function missing(name: string, spec: FeatureSpec | undefined, { stored }: RestoreFrom): Reading {
  const group = spec !== undefined ? 'velocity' : name.startsWith('ring.') ? 'ring' : 'ip_intel';
  const reason = `${group}_unavailable`;
  const { degraded, unavailable } = stored.decision;
  const canFail = group !== 'ip_intel' || lookedUp.test(name);
  // Older records say only that some of the group could not be had: all without a value are taken for that then.
  const failed = unavailable?.includes(name) ?? (canFail && degraded.includes(reason));
  if (failed) return new Unavailable(reason);
  const isCold = spec?.kind === 'burst' && spec.by.every((part) => stored.inputs[part] !== undefined);
  return isCold ? new Immature('baseline_cold') : undefined;
}
