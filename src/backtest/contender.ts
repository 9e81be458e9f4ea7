import type { DecideContext } from '../decisions/decide.js';
import { type EventType, eventTypes } from '../model/event-type.js';
import { featureInputs } from '../model/feature.js';
import type { InputGroup } from '../model/policy.js';
import { ringInputs } from '../model/ring.js';
import type { ValueType } from '../model/value.js';
import type { EventNeeds, RuleSet } from '../ruleset/rule-set.js';
import { signalCatalogue } from '../signals/catalogue.js';

/** An input of some rule set, by its place in the rows that are asked of the source. */
export interface LayoutEntry {
  /** What the source is asked for: the input's name, or that with what the rule set calls its own history before it. */
  readonly key: string;
  readonly name: string;
  readonly type: ValueType;
}

interface NeededInput {
  readonly place: number;
  readonly slot: number;
  readonly group: InputGroup;
}

/** A rule set that takes part in a backtest, and where it finds its inputs. */
export interface Contender {
  readonly ruleSet: RuleSet;
  placeOf(name: string): number;
  /** Everything that an event of the type needs, and which stage has to give it. */
  inputsOf(type: EventType): readonly NeededInput[];
  /** To decide rows that lack these; a set that only reports is looked at as if it were enforced. */
  contextWith(missing: readonly InputGroup[]): DecideContext;
}

const signalTypes: ReadonlyMap<string, ValueType> = new Map(signalCatalogue.map(({ name, type }) => [name, type]));
const ringTypes: ReadonlyMap<string, ValueType> = new Map(ringInputs.map(({ name, type }) => [name, type]));

/** Inputs of the rules, and further ones that the report groups by, each once. */
export class Layout {
  readonly entries: LayoutEntry[] = [];
  private readonly places = new Map<string, number>();

  /** `prefix` sets inputs apart that another rule set reads by the same name from another history or other lists. */
  add(ruleSet: RuleSet, prefixOf: (name: string) => string = () => ''): Contender {
    const ownPlaces = new Map<string, number>();
    const byType = new Map(
      eventTypes.map((type) => [
        type,
        neededInputs(ruleSet.needs(type)).map(({ name, slot, group }) => {
          const place = this.place({ key: prefixOf(name) + name, name, type: typeOf(name) });
          ownPlaces.set(name, place);
          return { place, slot, group };
        }),
      ]),
    );
    return {
      ruleSet,
      placeOf: (name) => ownPlaces.get(name) ?? this.place({ key: prefixOf(name) + name, name, type: typeOf(name) }),
      inputsOf: (type) => byType.get(type) ?? [],
      contextWith: contextFor(ruleSet),
    };
  }

  place(entry: LayoutEntry): number {
    const known = this.places.get(entry.key);
    if (known !== undefined) return known;
    const place = this.entries.push(entry) - 1;
    this.places.set(entry.key, place);
    return place;
  }

  signal(name: string): number {
    return this.place({ key: name, name, type: typeOf(name) });
  }

  get keys(): readonly string[] {
    return this.entries.map(({ key }) => key);
  }
}

function contextFor(ruleSet: RuleSet): Contender['contextWith'] {
  const always = {
    policy: { ...ruleSet.policy, level: 'enforce' as const },
    reasonOf: (code: string) => ruleSet.reasons.get(code),
  };
  return (missing) => ({ ...always, missing });
}

/** Features are numbers. */
const typeOf = (name: string): ValueType => signalTypes.get(name) ?? ringTypes.get(name) ?? 'number';

function neededInputs({ signals, features, rings }: EventNeeds) {
  return [
    ...signals.map((input) => ({ ...input, group: 'ip_intel' as const })),
    ...features.flatMap(({ spec, slot }) =>
      featureInputs(spec).map((name, index) => ({ name, slot: slot + index, group: 'velocity' as const })),
    ),
    ...rings.map((input) => ({ ...input, group: 'ring' as const })),
  ];
}
