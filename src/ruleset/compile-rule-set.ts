import type { CompileUnit } from '../expression/compile-unit.js';
import type { IndexPlan } from '../expression/index-plan.js';
import { type ObservedType, observedTypes } from '../model/event-type.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { ringInputs } from '../model/ring.js';
import { finishSteps, type Steps } from '../model/steps.js';
import type { Reading, Slots } from '../model/value.js';
import type { LinkSlots } from '../rings/plan-links.js';
import { Judge } from './judge.js';
import { linkConditions } from './link-conditions.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { EventNeeds, RuleSet } from './rule-set.js';

export type RuleSetParts = Omit<
  RuleSet,
  | 'rules'
  | 'slotOf'
  | 'newSlots'
  | 'needs'
  | 'judge'
  | 'running'
  | 'settle'
  | 'probe'
  | 'unknownInputs'
  | 'countingLinks'
>;

export interface CompileHow {
  readonly unit: CompileUnit;
  /** `when_asked`: for whoever only checks, or judges events of few types; the first event of a type waits. */
  readonly compile: 'ahead' | 'when_asked';
  /** What the conditions of each type are looked up by, where another thread has worked it out. */
  readonly plans?: ReadonlyMap<ObservedType, IndexPlan> | undefined;
}

/** Checked declarations to something that runs. */
export function* compileRuleSet(parts: RuleSetParts, { unit, compile, plans }: CompileHow): Steps<RuleSet> {
  const slotByName = new Map(parts.names.map((name, slot) => [name, slot]));
  const blank: readonly Reading[] = new Array<Reading>(parts.names.length).fill(undefined);
  const byType = new Map<ObservedType, ForType>();
  const shared = { slots: slotByName, unit, plans };
  if (compile === 'ahead') for (const type of observedTypes) byType.set(type, yield* forType(type, parts, shared));
  let links = compile === 'ahead' ? yield* linkConditions(parts.links, unit) : undefined;
  const of = (type: ObservedType): ForType => {
    const compiled = byType.get(type) ?? finishSteps(forType(type, parts, shared));
    byType.set(type, compiled);
    return compiled;
  };
  return Object.freeze({
    ...parts,
    rules: parts.declarations.map(({ info }) => info),
    slotOf: (name: string) => slotByName.get(name),
    newSlots: (): Slots => blank.slice(),
    needs: (type: ObservedType) => of(type).needs,
    judge: (type, slots, context) => of(type).judge.judge(slots, context),
    running: (type) => of(type).judge.rules,
    settle: (type, fired, slots, context) => of(type).judge.settle(fired, slots, context),
    probe: (type, index, slots) => of(type).judge.probe(index, slots),
    unknownInputs: (type, slots) => of(type).judge.unknownInputs(slots),
    countingLinks: (slots) => {
      links ??= finishSteps(linkConditions(parts.links, unit));
      return links(slots);
    },
  } satisfies RuleSet);
}

interface ForType {
  readonly judge: Judge;
  readonly needs: EventNeeds;
}

interface Shared {
  readonly slots: ReadonlyMap<string, number>;
  readonly unit: CompileUnit;
  readonly plans: CompileHow['plans'];
}

/** The rules that events of a type are judged by, in the order that plans number them by. */
export const rulesOfType = (type: ObservedType, declarations: readonly RuleDeclaration[]): readonly RuleDeclaration[] =>
  declarations.filter(({ info }) => info.on.some((one) => one === type) && info.mode !== 'off');

function* forType(type: ObservedType, parts: RuleSetParts, { slots, unit, plans }: Shared): Steps<ForType> {
  const rules = rulesOfType(type, parts.declarations);
  const read = new Set(parts.links.flatMap(({ when }) => when?.reads ?? []).map(({ name }) => name));
  for (const rule of rules) {
    for (const name of everythingRead(rule)) read.add(name);
    yield;
  }
  const plan = plans?.get(type);
  const planned = plan && { plan, findList: (name: string) => parts.lists.get(name) };
  return {
    judge: yield* Judge.compile(rules, parts.features, { unit, planned }),
    needs: needsOf(type, read, { parts, slots }),
  };
}

function needsOf(
  type: ObservedType,
  read: ReadonlySet<string>,
  { parts, slots }: { parts: RuleSetParts; slots: ReadonlyMap<string, number> },
): EventNeeds {
  const features = parts.features.filter(
    (spec) => spec.on.includes(type) || featureInputs(spec).some((name) => read.has(name)),
  );
  const names = new Set([...features.flatMap(signalsOf), ...linkSignals(parts)]);
  const isFeature = new Set(parts.features.flatMap(featureInputs));
  for (const name of read) if (!isFeature.has(name) && !isRing.has(name)) names.add(name);
  const slotOf = (name: string): number => slots.get(name) ?? -1;
  return {
    signals: [...names].sort().map((name) => ({ name, slot: slotOf(name) })),
    features: features.map((spec) => ({ spec, slot: slotOf(featureInputs(spec)[0] ?? spec.name) })),
    links: linkSlots(parts, slots),
    rings: [...read].filter((name) => isRing.has(name)).map((name) => ({ name, slot: slotOf(name) })),
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
    links: links.map(({ spec }) => spec),
    prefix,
    asn,
    template,
  };
}

const readByRule = new WeakMap<RuleDeclaration, readonly string[]>();

/** Names of all inputs of a rule, its exceptions included; each once. */
export function everythingRead(rule: RuleDeclaration): readonly string[] {
  const known = readByRule.get(rule);
  if (known !== undefined) return known;
  const { when, points, title, exceptions } = rule;
  const reads = [when.reads, points.reads, title.reads, ...exceptions.map((exception) => exception.when.reads)];
  const names = [...new Set(reads.flat().map(({ name }) => name))];
  readByRule.set(rule, names);
  return names;
}

/** The signals that make a feature's key, and the one it counts. */
const signalsOf = (spec: FeatureSpec): readonly string[] =>
  spec.kind === 'distinct' ? [...spec.by, spec.of] : spec.by;
