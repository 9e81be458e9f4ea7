import type { CombineHashes } from '../model/entity.js';
import type { ObservedType } from '../model/event-type.js';
import { burstMembers, type FeatureSpec } from '../model/feature.js';
import { type HashedSignals, type Hashes, joinHashes, keyOver } from '../model/hashed-signals.js';
import type { Instant } from '../model/time.js';
import { type Reading, type Slots, Unavailable } from '../model/value.js';
import type { BoundFeatures, FeatureMoment } from './bind-features.js';
import { BurstFigures, writeBurst } from './burst.js';
import type { FeatureLookup, FeatureReading, FeatureRequest, KeyAsk } from './feature-store.js';
import { type KeyPlan, planKey } from './key-plan.js';

/** A feature of the rule set and the slot its value goes to; a burst has one for each member, one after the other. */
interface FeatureNeed {
  readonly spec: FeatureSpec;
  readonly slot: number;
  /** False = no rule on this event type reads it; it is looked up only where it counts. True by default. */
  readonly read?: boolean;
}

interface FeaturePlan {
  /** `hashes` are those of the event's signals. */
  bind(moment: FeatureMoment, slots: Slots, hashes: Hashes): BoundFeatures;
}

interface PlanInput {
  readonly type: ObservedType;
  readonly features: readonly FeatureNeed[];
  /** What keys and members are made of is placed here. */
  readonly signals: HashedSignals;
  /** Joined end to end by default; a feature over nothing has the key that no hash makes. */
  readonly combine?: CombineHashes | undefined;
}

interface PlannedFeature {
  readonly spec: FeatureSpec;
  readonly slot: number;
  readonly counts: boolean;
  /** Which of the plan's hashes `distinct` counts. */
  readonly member: number | undefined;
}

/** Features over the same signals: one key serves all of them. */
interface KeyGroup {
  /** Of the plan's hashes; undefined for a name that no slot holds. */
  readonly by: readonly (number | undefined)[];
  readonly features: readonly PlannedFeature[];
  /** Of each logged feature. */
  readonly members: readonly (number | undefined)[];
  readonly hasMembers: boolean;
  readonly counting: KeyPlan;
  /** For an event that only reads. */
  readonly reading: KeyPlan;
}

const groupName = (spec: FeatureSpec): string => spec.by.join(',');

function planGroups({ type, features: needs, signals }: PlanInput): KeyGroup[] {
  const groups = new Map<string, FeatureNeed[]>();
  for (const need of needs) groups.set(groupName(need.spec), [...(groups.get(groupName(need.spec)) ?? []), need]);
  return [...groups.values()].flatMap((members) => {
    const counting = members.some(({ spec }) => spec.on.includes(type));
    // When anything on the key counts, all of its features are told to the store: it may have to fold any of them.
    const kept = members.filter(({ read }) => counting || read !== false);
    return kept.length === 0 ? [] : [groupOf(kept, type, signals)];
  });
}

function groupOf(needs: readonly FeatureNeed[], type: ObservedType, signals: HashedSignals): KeyGroup {
  const features = needs.map(({ spec, slot }) => ({
    spec,
    slot,
    counts: spec.on.includes(type),
    member: spec.kind === 'distinct' ? signals.place(spec.of) : undefined,
  }));
  const counting = planKey(features);
  const members = counting.places.map((place) => features[place]?.member);
  return {
    by: (needs[0]?.spec.by ?? []).map((name) => signals.place(name)),
    features,
    members,
    hasMembers: members.some((member) => member !== undefined),
    counting,
    reading: planKey(features.map(({ spec }) => ({ spec, counts: false }))),
  };
}

function membersOf({ members, hasMembers }: KeyGroup, all: Hashes): readonly (string | undefined)[] {
  if (!hasMembers) return nobody;
  const found = members.map(noMember);
  for (let place = 0; place < found.length; place++) {
    const member = all[members[place] ?? -1];
    if (typeof member === 'string') found[place] = member;
  }
  return found;
}

const nobody: readonly undefined[] = [];
const noMember = (): string | undefined => undefined;

function writeMissing({ spec, slot }: PlannedFeature, reading: Reading, slots: Slots): void {
  const size = spec.kind === 'burst' ? burstMembers.length : 1;
  for (let index = 0; index < size; index++) slots[slot + index] = reading;
}

function writeReading(feature: PlannedFeature, reading: FeatureReading, slots: Slots): void {
  if (reading instanceof BurstFigures) writeBurst(reading, feature.spec, { slots, slot: feature.slot });
  else writeMissing(feature, reading, slots);
}

/** Lookups one by one are made for stores that ask for them. */
class PlannedRequest implements FeatureRequest {
  readonly eventId: string;
  readonly accountId: string;
  readonly at: Instant;
  readonly accountSince: Instant | undefined;
  readonly #onlyReads: boolean;
  /** Parallel to the keys. */
  readonly #groups: readonly KeyGroup[];
  readonly #keys: readonly KeyAsk[];
  #lookups: readonly FeatureLookup[] | undefined;

  constructor({ eventId, accountId, at, accountSince, onlyReads = false }: FeatureMoment, asked: Asked) {
    this.eventId = eventId;
    this.accountId = accountId;
    this.at = at;
    this.accountSince = accountSince;
    this.#onlyReads = onlyReads;
    this.#groups = asked.groups;
    this.#keys = asked.keys;
  }

  /** Not copied into a request that is made of this one with other lookups. */
  get keys(): readonly KeyAsk[] {
    return this.#keys;
  }

  get lookups(): readonly FeatureLookup[] {
    this.#lookups ??= this.#keys.flatMap((key, index) => this.#lookupsOf(key, this.#groups[index]?.features ?? []));
    return this.#lookups;
  }

  #lookupsOf({ plan, key, members }: KeyAsk, features: readonly PlannedFeature[]): FeatureLookup[] {
    return features.map(({ spec, counts }, place) => {
      const logged = plan.places.indexOf(place);
      return { spec, key, counts: counts && !this.#onlyReads, member: logged < 0 ? undefined : members[logged] };
    });
  }
}

interface Asked {
  readonly groups: readonly KeyGroup[];
  readonly keys: readonly KeyAsk[];
}

/** Prepared once for each event type when a rule set is loaded; no key is computed for what is absent. */
export function planFeatures(input: PlanInput): FeaturePlan {
  const groups = planGroups(input);
  const { combine = joinHashes } = input;
  return {
    bind(moment, slots, hashes) {
      const asked: KeyGroup[] = [];
      const keys: KeyAsk[] = [];
      for (const group of groups) {
        const key = keyOver(group.by, hashes, combine);
        if (key === undefined || key instanceof Unavailable) {
          for (const feature of group.features) writeMissing(feature, key, slots);
          continue;
        }
        const plan = moment.onlyReads === true ? group.reading : group.counting;
        keys.push({ plan, key, members: membersOf(group, hashes) });
        asked.push(group);
      }
      return {
        request: new PlannedRequest(moment, { groups: asked, keys }),
        write: (readings, into) => {
          let index = 0;
          for (const group of asked)
            for (const feature of group.features) writeReading(feature, readings[index++], into);
        },
      };
    },
  };
}
