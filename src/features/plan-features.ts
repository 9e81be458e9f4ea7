import type { CombineHashes, HashIdentifier } from '../model/entity.js';
import type { EventType } from '../model/event.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { type Reading, type Slots, Unavailable } from '../model/value.js';
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
  /** Joined end to end by default; a feature over nothing has the key that no hash makes. */
  readonly combine?: CombineHashes | undefined;
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
  readonly by: readonly { readonly name: string; readonly slot: number | undefined }[];
  readonly features: readonly PlannedFeature[];
}

const groupName = (spec: FeatureSpec): string => spec.by.join(',');

function planGroups({ type, features: needs, slotOf }: PlanInput): KeyGroup[] {
  const groups = new Map<string, FeatureNeed[]>();
  for (const need of needs) groups.set(groupName(need.spec), [...(groups.get(groupName(need.spec)) ?? []), need]);
  return [...groups.values()].flatMap((members) => {
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
    return [{ by: first.spec.by.map((name) => ({ name, slot: slotOf(name) })), features: planned }];
  });
}

/** What a slot holds, hashed under the name of the signal; each once for an event, because features share them. */
type HashAt = (slot: number, name: string) => string | undefined | Unavailable;

function slotHasher(slots: Slots, hash: HashIdentifier): HashAt {
  const made = new Map<number, string>();
  return (slot, name) => {
    const reading = slots[slot];
    if (reading === undefined || reading instanceof Unavailable) return reading;
    const known = made.get(slot) ?? hash(name, String(reading));
    made.set(slot, known);
    return known;
  };
}

/** Undefined when a part of `by` is absent, Unavailable when one could not be had. */
function keyOf({ by }: KeyGroup, hashAt: HashAt, combine: CombineHashes): string | undefined | Unavailable {
  const hashes: string[] = [];
  for (const { name, slot } of by) {
    const part = slot === undefined ? undefined : hashAt(slot, name);
    if (part instanceof Unavailable) return part;
    if (part !== undefined) hashes.push(part);
  }
  return hashes.length < by.length ? undefined : combine(hashes);
}

function memberOf({ memberSlot, spec }: PlannedFeature, hashAt: HashAt): string | undefined {
  const member = memberSlot === undefined ? undefined : hashAt(memberSlot, spec.of);
  return member instanceof Unavailable ? undefined : member;
}

/** For stores whose hashes are of any length. */
const joinHashes: CombineHashes = (hashes) => hashes.join('');

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
  const { hash, combine = joinHashes } = input;
  return {
    bind(moment, slots) {
      const lookups: FeatureLookup[] = [];
      const targets: PlannedFeature[] = [];
      const hashAt = slotHasher(slots, hash);
      for (const group of groups) {
        const key = keyOf(group, hashAt, combine);
        if (key === undefined || key instanceof Unavailable) {
          for (const feature of group.features) writeMissing(feature, key, slots);
          continue;
        }
        for (const feature of group.features) {
          const { spec, counts } = feature;
          lookups.push({ spec, key, counts, member: memberOf(feature, hashAt) });
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
