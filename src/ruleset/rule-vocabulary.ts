import type { CheckedExpression } from '../expression/checked-expression.js';
import type { CompileUnit } from '../expression/compile-unit.js';
import { newCompileUnit } from '../expression/condition-set.js';
import type { InputInfo } from '../model/expression-scope.js';
import { featureInputs } from '../model/feature.js';
import type { NamedList } from '../model/list.js';
import type { ReasonInfo } from '../model/reason.js';
import { ringInputs } from '../model/ring.js';
import type { SignalInfo } from '../model/signal.js';
import type { Steps } from '../model/steps.js';
import { ProblemSink } from './problem-sink.js';
import { type ExpressionReader, readExpression } from './read-expression.js';
import type { ReadLists } from './read-list-files.js';
import { RuleScope, type ScopeAnswers } from './rule-scope.js';
import { freedName, stableSlots } from './stable-slots.js';
import { FieldReader } from './yaml/read-fields.js';
import type { YamlEntry, YamlNode } from './yaml/yaml-node.js';

/** Everything that rules can name. */
export interface RuleVocabulary {
  /** By slot. */
  readonly names: readonly string[];
  readonly scope: RuleScope;
  readonly lists: ReadonlyMap<string, NamedList>;
  readonly predicates: ReadonlyMap<string, CheckedExpression>;
  /** What each predicate rests on, and its text. */
  readonly readings: ReadonlyMap<string, PredicateReading>;
  /** Where conditions over these names are compiled. */
  readonly unit: CompileUnit;
  readonly reasons: ReadonlyMap<string, ReasonInfo>;
  /** Of the predicates. */
  readonly problems: ProblemSink;
  /** Two with the same key and the same lists mean the same. */
  readonly key: string;
}

interface PredicateReading {
  readonly text: string;
  readonly checked: CheckedExpression;
  readonly answers: ScopeAnswers;
}

interface VocabularyParts {
  /** Those of a group have slots next to each other. */
  readonly names: readonly (readonly string[])[];
  readonly signals: ReadonlyMap<string, SignalInfo>;
  /** Features whose declaration is wrong: a rule that reads one is not wrong itself. */
  readonly brokenFeatures: readonly string[];
  /** Features and predicates whose name no expression can read. */
  readonly misnamed: readonly string[];
  /** Declared, probably, where a file cannot be read or a name has the wrong form. */
  readonly lostNames: readonly string[];
  readonly lists: ReadLists;
  readonly predicates: readonly YamlEntry[];
  readonly reasons: ReadonlyMap<string, ReasonInfo>;
}

/** The earlier one when nothing has changed in it, so that rules read against it need not be read again. */
export function* ruleVocabulary(parts: VocabularyParts, earlier: RuleVocabulary | undefined): Steps<RuleVocabulary> {
  const lists = usableLists(parts.lists);
  const key = keyOf(parts);
  return earlier !== undefined && isSame(earlier, key, lists) ? earlier : yield* build(parts, { key, lists, earlier });
}

const isSame = (earlier: RuleVocabulary, key: string, lists: ReadonlyMap<string, NamedList>): boolean =>
  // Problems would be shown where they stood before.
  earlier.problems.errors.length + earlier.problems.warnings.length === 0 &&
  earlier.key === key &&
  earlier.lists.size === lists.size &&
  [...lists].every(([name, list]) => earlier.lists.get(name) === list);

function keyOf({ names, brokenFeatures, misnamed, lostNames, lists, predicates, reasons }: VocabularyParts): string {
  const texts = predicates.map(({ key, value }) => [key.text, value.kind === 'scalar' ? value.text : value.kind]);
  return JSON.stringify([names, brokenFeatures, misnamed, lostNames, [...lists.keys()], texts, [...reasons.values()]]);
}

const usableLists = (lists: ReadLists): ReadonlyMap<string, NamedList> =>
  new Map([...lists].flatMap(([name, { list }]): [string, NamedList][] => (list === undefined ? [] : [[name, list]])));

interface Building {
  readonly key: string;
  readonly lists: ReadonlyMap<string, NamedList>;
  readonly earlier: RuleVocabulary | undefined;
}

function* build(parts: VocabularyParts, { key, lists, earlier }: Building): Steps<RuleVocabulary> {
  const names = stableSlots(parts.names, earlier?.names ?? []);
  const before = earlier !== undefined && keepsSlots(earlier.names, names) ? earlier : undefined;
  const brokenLists = new Set([...parts.lists.keys()].filter((name) => !lists.has(name)));
  const misnamed = new Set(parts.misnamed);
  const scope = new RuleScope({ inputs: inputsOf(names, parts.signals, before), lists, brokenLists, misnamed });
  for (const feature of parts.brokenFeatures)
    for (const name of [feature, ...featureInputs({ kind: 'burst', name: feature })]) scope.declare(name, nothing);
  for (const name of parts.lostNames) scope.declareBroken(name);
  const problems = new ProblemSink();
  const readings = yield* readPredicates(parts.predicates, { scope, fields: new FieldReader(problems), before });
  const predicates = new Map([...readings].map(([name, { checked }]) => [name, checked]));
  const unit = before?.unit ?? newCompileUnit();
  return { names, scope, lists, predicates, readings, unit, reasons: parts.reasons, problems, key };
}

const nothing = { check: () => undefined, circular: () => undefined };

/**
 * What was compiled for the one layout runs in the other: no name has moved. One may have gone, and come back to another slot,
 * between two sets of which the second is not the next one after the first.
 */
export function keepsSlots(before: readonly string[], names: readonly string[]): boolean {
  const here = new Set(names);
  return before.every((name, slot) => names[slot] === name || (names[slot] === freedName && !here.has(name)));
}

/** The same objects as before: what was checked against them still holds. */
export function inputsOf(
  names: readonly string[],
  signals: ReadonlyMap<string, SignalInfo>,
  before: { readonly scope: RuleScope } | undefined,
): ReadonlyMap<string, InputInfo> {
  const inputs = new Map<string, InputInfo>();
  for (const [slot, name] of names.entries())
    if (name !== freedName) inputs.set(name, before?.scope.input(name) ?? inputOf(name, slot, signals.get(name)));
  return inputs;
}

const ringRanges = new Map(ringInputs.map(({ name, range }) => [name, range]));

/** Features count, but for how far a burst is from what was expected, which can be less. */
const rangeOf = (name: string): InputInfo['range'] =>
  name.endsWith('.z') ? undefined : (ringRanges.get(name) ?? [0, Number.POSITIVE_INFINITY]);

function inputOf(name: string, slot: number, signal: SignalInfo | undefined): InputInfo {
  if (signal === undefined) return { name, slot, type: 'number', optional: true, range: rangeOf(name) };
  const { type, optional, values, range } = signal;
  return { name, slot, type, optional, ...(values === undefined ? {} : { values }), range };
}

interface PredicateContext extends ExpressionReader {
  readonly before: RuleVocabulary | undefined;
}

function* readPredicates(
  entries: readonly YamlEntry[],
  context: PredicateContext,
): Steps<ReadonlyMap<string, PredicateReading>> {
  const { scope, fields } = context;
  const readings = new Map<string, PredicateReading>();
  for (const { key, value } of entries)
    scope.declare(key.text, {
      check: () => {
        const reading = readPredicate(key.text, value, context);
        if (reading !== undefined) readings.set(key.text, reading);
        return reading?.checked;
      },
      circular: (names) =>
        fields.error('E027', key, `predicate '${key.text}' refers to itself: ${[...names, key.text].join(' → ')}`),
    });
  for (const { key } of entries) {
    scope.predicate(key.text);
    yield;
  }
  return readings;
}

function readPredicate(
  name: string,
  value: YamlNode,
  { scope, fields, before }: PredicateContext,
): PredicateReading | undefined {
  const known = before?.readings.get(name);
  const text = value.kind === 'scalar' ? value.text : '';
  if (known?.text === text && scope.stillAnswers(known.answers)) return known;
  const { result: checked, answers } = scope.recorded(() => readExpression(value, 'boolean', { scope, fields }));
  return checked === undefined ? undefined : { text, checked, answers };
}
