import { type EventType, eventTypes } from '../model/event-type.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { own } from '../model/own.js';
import type { InputGroup } from '../model/policy.js';
import { ringInputs } from '../model/ring.js';
import { Immature, type Reading, type Slots, Unavailable } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { notStored } from './backtest-source.js';
import { identifiersByValue } from './identifiers-by-value.js';
import type { StoredRow, StoredVariant } from './stored-row.js';

/** Where a reading comes from in the records of one rule set and event type. */
interface Place {
  /** Its name in the record; a feature can have been renamed since. */
  readonly name: string;
  readonly group: InputGroup;
  readonly feature: FeatureSpec | undefined;
  /** The rule set that decided had it written down, where there was a value; undefined = not known. */
  readonly wasAsked: boolean | undefined;
  /** Some rule of this type looks at it now. */
  readonly isNeeded: boolean;
  /** The record holds its hash, and some condition wants its text. */
  readonly isHashed: boolean;
}

interface StoredReaderInput {
  /** The rule set that decided; undefined where it is not known any more. */
  readonly ruleSetOfThen: RuleSet | undefined;
  /** What is to be read; a key begins with its variant's prefix. */
  readonly layout: readonly string[];
  readonly variants: readonly StoredVariant[];
}

/** Reads the records of decisions that one rule set made. */
export class StoredReader {
  private readonly places: ReadonlyMap<EventType, readonly Place[]>;
  /** Places of the deciding rule set's own inputs, in the order of its slots. */
  private readonly own: ReadonlyMap<EventType, readonly Place[]>;

  constructor(private readonly input: StoredReaderInput) {
    const { ruleSetOfThen: then, layout, variants } = input;
    const needed = variants.map(({ ruleSet }) => namesNeeded(ruleSet));
    const isNeeded = (name: string, type: EventType): boolean =>
      needed.some((names) => names.get(type)?.has(name) === true);
    const describers = variants.map(({ prefix, ruleSet }) => ({ prefix, of: placesIn(ruleSet, then, isNeeded) }));
    const byType = (type: EventType): Place[] =>
      layout.map((key) => {
        const prefix = key.slice(0, key.indexOf(':') + 1);
        const describe = describers.find((one) => one.prefix === prefix)?.of ?? describers[0]?.of;
        return describe?.(key.slice(prefix.length), type) ?? nowhere;
      });
    this.places = new Map(eventTypes.map((type) => [type, byType(type)]));
    const describeOwn = then && placesIn(then, then, () => false);
    this.own = new Map(
      eventTypes.map((type) => [type, then?.names.map((name) => describeOwn?.(name, type) ?? nowhere) ?? []]),
    );
  }

  read(row: StoredRow, readings: Reading[]): void {
    const places = this.places.get(row.type) ?? [];
    for (const [index, place] of places.entries()) readings[index] = readingOf(place, row);
  }

  /** Rules that would have fired on what they saw, and are not in the record: they had been cleared for the account. */
  clearedThen(row: StoredRow): ReadonlySet<string> | undefined {
    const { ruleSetOfThen: then } = this.input;
    if (then === undefined) return undefined;
    const slots: Slots = (this.own.get(row.type) ?? []).map((place) => readingOf(place, row));
    const { hits, shadowHits } = then.judge(row.type, slots, { accountId: row.accountId, now: row.decidedAt });
    const silent = [...hits, ...shadowHits].filter(({ rule }) => !row.fired.has(rule.id));
    return silent.length === 0 ? undefined : new Set(silent.map(({ rule }) => rule.id));
  }
}

const ringNames: ReadonlySet<string> = new Set(ringInputs.map(({ name }) => name));

const nowhere: Place = {
  name: '',
  group: 'velocity',
  feature: undefined,
  wasAsked: false,
  isNeeded: true,
  isHashed: false,
};

type IsNeeded = (name: string, type: EventType) => boolean;

/** How the inputs of a rule set are found in what another one had written down. */
function placesIn(
  ruleSet: RuleSet,
  then: RuleSet | undefined,
  isNeeded: IsNeeded,
): (name: string, type: EventType) => Place {
  const features = featuresByInput(ruleSet);
  const thenById = new Map(then?.features.map((spec) => [spec.id, spec]));
  const hashed = identifiersByValue(ruleSet);
  const asked = then && namesNeeded(then);
  return (name, type) => {
    const feature = features.get(name);
    const recorded = feature === undefined ? name : recordedName(name, feature, then && thenById.get(feature.id));
    return {
      name: recorded ?? '',
      group: feature !== undefined ? 'velocity' : ringNames.has(name) ? 'ring' : 'ip_intel',
      feature,
      wasAsked: recorded === undefined ? false : asked?.get(type)?.has(recorded),
      isNeeded: isNeeded(name, type),
      isHashed: hashed.has(name),
    };
  };
}

const featuresByInput = ({ features }: RuleSet): ReadonlyMap<string, FeatureSpec> =>
  new Map(features.flatMap((spec) => featureInputs(spec).map((name) => [name, spec] as const)));

/** Undefined where the feature was another one: the number of then is not the number that is asked for. */
function recordedName(name: string, feature: FeatureSpec, then: FeatureSpec | undefined): string | undefined {
  if (then === undefined) return undefined;
  return featureInputs(then)[featureInputs(feature).indexOf(name)];
}

const namesNeeded = (ruleSet: RuleSet): ReadonlyMap<EventType, ReadonlySet<string>> =>
  new Map(
    eventTypes.map((type) => {
      const { signals, features, rings } = ruleSet.needs(type);
      const counted = features.flatMap(({ spec }) => featureInputs(spec));
      return [type, new Set([...signals, ...rings].map(({ name }) => name).concat(counted))];
    }),
  );

function readingOf(place: Place, row: StoredRow): Reading {
  const value = own(row.inputs, place.name);
  if (value !== undefined) return place.isHashed ? notStored : value;
  const wasAsked =
    place.wasAsked ?? (row.unknown.includes(place.name) || row.unavailable?.includes(place.name) === true);
  if (!wasAsked) return place.isNeeded ? notStored : undefined;
  return missing(place, row);
}

/** An address is looked up for these; all other signals are absent when they have no value. */
const lookedUp = /^(?:ip\.(?!address$|version$|prefix)|geo\.|signup\.(?:asn|country|ip_kind)$)/;

function missing({ name, group, feature }: Place, { degraded, inputs, unavailable }: StoredRow): Reading {
  const couldFail = group !== 'ip_intel' || lookedUp.test(name);
  // Older records say only that some of the group could not be had: all without a value are taken for that then.
  const failed = unavailable?.includes(name) ?? (couldFail && degraded.includes(`${group}_unavailable`));
  if (failed) return outages[group];
  const isCold = feature?.kind === 'burst' && feature.by.every((part) => inputs[part] !== undefined);
  return isCold ? cold : undefined;
}

const outages: Readonly<Record<InputGroup, Unavailable>> = {
  velocity: new Unavailable('velocity_unavailable'),
  ring: new Unavailable('ring_unavailable'),
  ip_intel: new Unavailable('ip_intel_unavailable'),
};

/** A burst whose key is complete and that has no value: its baseline was too young. */
const cold = new Immature('baseline_cold');
