import type { HashIdentifier } from '../model/entity.js';
import type { EventType } from '../model/event.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { type Reading, type Slots, Unavailable, type Value } from '../model/value.js';
import type { BoundFeatures, FeatureMoment } from './bind-features.js';
import { BurstFigures, burstReadings } from './burst.js';
import type { FeatureLookup, FeatureReading } from './feature-store.js';

/** A feature of the rule set and the slot its value goes to; a burst has one for each member, one after the other. */
export interface FeatureNeed {
  readonly spec: FeatureSpec;
  readonly slot: number;
  /** False = no rule on this event type reads it; it is looked up only where it counts. True by default. */
  readonly read?: boolean;
}

export interface FeaturePlan {
  bind(moment: FeatureMoment, slots: Slots): BoundFeatures;
}

export interface PlanInput {
  readonly type: EventType;
  readonly features: readonly FeatureNeed[];
  /** Where a signal's value is; undefined for a name that no slot holds. */
  readonly slotOf: (signal: string) => number | undefined;
  readonly hash: HashIdentifier;
}

interface PlannedFeature {
  readonly spec: FeatureSpec;
  readonly slot: number;
  readonly counts: boolean;
  /** Slot of what `distinct` counts. */
  readonly memberSlot: number | undefined;
}

/** Features over the same signals: one key serves all of them. */
interface KeyGroup {
  readonly name: string;
  readonly slots: readonly (number | undefined)[];
  readonly features: readonly PlannedFeature[];
}

const groupName = (spec: FeatureSpec): string => spec.by.join(',');

function planGroups({ type, features: needs, slotOf }: PlanInput): KeyGroup[] {
  const groups = new Map<string, FeatureNeed[]>();
  for (const need of needs) groups.set(groupName(need.spec), [...(groups.get(groupName(need.spec)) ?? []), need]);
  return [...groups].flatMap(([name, members]) => {
    const counting = members.some(({ spec }) => spec.on.includes(type));
    // When anything on the key counts, all of its features are told to the store: it may have to fold any of them.
    const kept = members.filter(({ read }) => counting || read !== false);
    const [first] = kept;
    if (first === undefined) return [];
    const planned = kept.map(({ spec, slot }) => ({
      spec,
      slot,
      counts: spec.on.includes(type),
      memberSlot: spec.kind === 'distinct' ? slotOf(spec.of) : undefined,
    }));
    return [{ name, slots: first.spec.by.map(slotOf), features: planned }];
  });
}

/** The values of `by`; undefined when one is absent, Unavailable when one could not be had. */
function keyValues(group: KeyGroup, slots: Slots): readonly Value[] | undefined | Unavailable {
  const values: Value[] = [];
  let absent = false;
  for (const slot of group.slots) {
    const reading = slot === undefined ? undefined : slots[slot];
    if (reading instanceof Unavailable) return reading;
    if (reading === undefined) absent = true;
    else values.push(reading);
  }
  return absent ? undefined : values;
}

/** Most features count the same signal: its hash is made once for each event. */
function memberHasher(slots: Slots, hash: HashIdentifier): (feature: PlannedFeature) => string | undefined {
  const made = new Map<number, string>();
  return ({ memberSlot, spec }) => {
    const reading = memberSlot === undefined ? undefined : slots[memberSlot];
    if (memberSlot === undefined || reading === undefined || reading instanceof Unavailable) return undefined;
    const known = made.get(memberSlot);
    if (known !== undefined) return known;
    const member = hash(spec.of, String(reading));
    made.set(memberSlot, member);
    return member;
  };
}

function writeMissing({ spec, slot }: PlannedFeature, reading: Reading, slots: Slots): void {
  featureInputs(spec).forEach((_name, index) => {
    slots[slot + index] = reading;
  });
}

function writeReading(feature: PlannedFeature, reading: FeatureReading, slots: Slots): void {
  if (!(reading instanceof BurstFigures)) writeMissing(feature, reading, slots);
  else
    burstReadings(reading, feature.spec).forEach((member, index) => {
      slots[feature.slot + index] = member;
    });
}

/** Prepared once for each event type when a rule set is loaded; no key is computed for what is absent. */
export function planFeatures(input: PlanInput): FeaturePlan {
  const groups = planGroups(input);
  const { hash } = input;
  return {
    bind(moment, slots) {
      const lookups: FeatureLookup[] = [];
      const targets: PlannedFeature[] = [];
      const memberOf = memberHasher(slots, hash);
      for (const group of groups) {
        const values = keyValues(group, slots);
        if (values === undefined || values instanceof Unavailable) {
          for (const feature of group.features) writeMissing(feature, values, slots);
          continue;
        }
        const key = hash(group.name, JSON.stringify(values));
        for (const feature of group.features) {
          const { spec, counts } = feature;
          lookups.push({ spec, key, counts, member: memberOf(feature) });
          targets.push(feature);
        }
      }
      return {
        request: { ...moment, lookups },
        write: (readings, into) => {
          targets.forEach((feature, index) => {
            writeReading(feature, readings[index], into);
          });
        },
      };
    },
  };
}
