import { type EventType, eventTypes } from '../model/event-type.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { ringInputs } from '../model/ring.js';
import type { Reading, Slots } from '../model/value.js';
import type { LinkSlots } from '../rings/plan-links.js';
import { Judge } from './judge.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { EventNeeds, RuleSet } from './rule-set.js';

export type RuleSetParts = Omit<
  RuleSet,
  'rules' | 'slotOf' | 'newSlots' | 'needs' | 'judge' | 'running' | 'settle' | 'unknownInputs'
>;

/** Checked declarations to something that runs. */
export function compileRuleSet(parts: RuleSetParts): RuleSet {
  const slotByName = new Map(parts.names.map((name, slot) => [name, slot]));
  const blank: readonly Reading[] = new Array<Reading>(parts.names.length).fill(undefined);
  const byType = new Map(eventTypes.map((type) => [type, forType(type, parts, slotByName)]));
  const of = (type: EventType): ForType => byType.get(type) ?? nothing;
  return Object.freeze({
    ...parts,
    rules: parts.declarations.map(({ info }) => info),
    slotOf: (name: string) => slotByName.get(name),
    newSlots: (): Slots => blank.slice(),
    needs: (type: EventType) => of(type).needs,
    judge: (type, slots, context) => of(type).judge.judge(slots, context),
    running: (type) => of(type).judge.rules,
    settle: (type, fired, slots, context) => of(type).judge.settle(fired, slots, context),
    unknownInputs: (type, slots) => of(type).judge.unknownInputs(slots),
  } satisfies RuleSet);
}

interface ForType {
  readonly judge: Judge;
  readonly needs: EventNeeds;
}

const nothing: ForType = {
  judge: new Judge([]),
  needs: {
    signals: [],
    features: [],
    links: { links: [], prefix: undefined, asn: undefined, template: undefined },
    rings: [],
  },
};

function forType(type: EventType, parts: RuleSetParts, slots: ReadonlyMap<string, number>): ForType {
  const rules = parts.declarations.filter(({ info }) => info.on.includes(type) && info.mode !== 'off');
  const linked = parts.links.flatMap(({ when }) => when?.reads ?? []).map(({ name }) => name);
  const read = new Set([...rules.flatMap(everythingRead), ...linked]);
  const features = parts.features.filter(
    (spec) => spec.on.includes(type) || featureInputs(spec).some((name) => read.has(name)),
  );
  const names = new Set([...features.flatMap(signalsOf), ...linkSignals(parts)]);
  const isFeature = new Set(parts.features.flatMap(featureInputs));
  for (const name of read) if (!isFeature.has(name) && !isRing.has(name)) names.add(name);
  const slotOf = (name: string): number => slots.get(name) ?? -1;
  return {
    judge: new Judge(rules),
    needs: {
      signals: [...names].sort().map((name) => ({ name, slot: slotOf(name) })),
      features: features.map((spec) => ({ spec, slot: slotOf(featureInputs(spec)[0] ?? spec.name) })),
      links: linkSlots(parts, slots),
      rings: [...read].filter((name) => isRing.has(name)).map((name) => ({ name, slot: slotOf(name) })),
    },
  };
}

const isRing: ReadonlySet<string> = new Set(ringInputs.map(({ name }) => name));

/** What is counted of a ring's members beside the keys that join them. */
const memberSignals = ['ip.prefix', 'ip.asn', 'device.template'] as const;

const linkSignals = ({ links }: RuleSetParts): readonly string[] =>
  links.length === 0 ? [] : [...links.flatMap(({ spec }) => spec.by), ...memberSignals];

function linkSlots({ links }: RuleSetParts, slots: ReadonlyMap<string, number>): LinkSlots {
  const [prefix, asn, template] = memberSignals.map((name) => slots.get(name));
  return {
    links: links.map(({ spec }) => ({ spec, slots: spec.by.map((name) => slots.get(name) ?? -1) })),
    prefix,
    asn,
    template,
  };
}

/** Names of all inputs of a rule, its exceptions included. */
export const everythingRead = ({ when, points, title, exceptions }: RuleDeclaration): string[] =>
  [when.reads, points.reads, title.reads, ...exceptions.map((exception) => exception.when.reads)]
    .flat()
    .map(({ name }) => name);

/** The signals that make a feature's key, and the one it counts. */
const signalsOf = (spec: FeatureSpec): readonly string[] =>
  spec.kind === 'distinct' ? [...spec.by, spec.of] : spec.by;
