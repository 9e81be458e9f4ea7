import { type EventType, eventTypes } from '../model/event-type.js';
import type { FeatureSpec } from '../model/feature.js';
import type { Reading, Slots } from '../model/value.js';
import { Judge } from './judge.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { EventNeeds, RuleSet } from './rule-set.js';

export type RuleSetParts = Omit<RuleSet, 'rules' | 'slotOf' | 'newSlots' | 'needs' | 'judge' | 'unknownInputs'>;

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
    unknownInputs: (type, slots) => of(type).judge.unknownInputs(slots),
  } satisfies RuleSet);
}

interface ForType {
  readonly judge: Judge;
  readonly needs: EventNeeds;
}

const nothing: ForType = { judge: new Judge([]), needs: { signals: [], features: [] } };

function forType(type: EventType, parts: RuleSetParts, slots: ReadonlyMap<string, number>): ForType {
  const rules = parts.declarations.filter(({ info }) => info.on.includes(type) && info.mode !== 'off');
  const read = new Set(rules.flatMap(everythingRead));
  const features = parts.features.filter((spec) => read.has(spec.name) || spec.on.includes(type));
  const names = new Set(features.flatMap(signalsOf));
  const isFeature = new Set(parts.features.map(({ name }) => name));
  for (const name of read) if (!isFeature.has(name)) names.add(name);
  const slotOf = (name: string): number => slots.get(name) ?? -1;
  return {
    judge: new Judge(rules),
    needs: {
      signals: [...names].sort().map((name) => ({ name, slot: slotOf(name) })),
      features: features.map((spec) => ({ spec, slot: slotOf(spec.name) })),
    },
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
