import type { CheckedExpression } from '../expression/checked-expression.js';
import type { InputInfo } from '../model/expression-scope.js';
import { featureInputs } from '../model/feature.js';
import type { NamedList } from '../model/list.js';
import type { ReasonInfo } from '../model/reason.js';
import type { SignalInfo } from '../model/signal.js';
import type { Steps } from '../model/steps.js';
import { ProblemSink } from './problem-sink.js';
import { readExpression } from './read-expression.js';
import type { ReadLists } from './read-list-files.js';
import { RuleScope } from './rule-scope.js';
import { FieldReader } from './yaml/read-fields.js';
import type { YamlEntry } from './yaml/yaml-node.js';

/** Everything that rules can name. */
export interface RuleVocabulary {
  readonly names: readonly string[];
  readonly scope: RuleScope;
  readonly lists: ReadonlyMap<string, NamedList>;
  readonly predicates: ReadonlyMap<string, CheckedExpression>;
  readonly reasons: ReadonlyMap<string, ReasonInfo>;
  /** Of the predicates. */
  readonly problems: ProblemSink;
  /** Two with the same key and the same lists mean the same. */
  readonly key: string;
}

export interface VocabularyParts {
  /** Signals, features, rings: the slot is the index. */
  readonly names: readonly string[];
  readonly signals: ReadonlyMap<string, SignalInfo>;
  /** Features whose declaration is wrong: a rule that reads one is not wrong itself. */
  readonly brokenFeatures: readonly string[];
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
  return earlier !== undefined && isSame(earlier, key, lists) ? earlier : yield* build(parts, key, lists);
}

const isSame = (earlier: RuleVocabulary, key: string, lists: ReadonlyMap<string, NamedList>): boolean =>
  // Problems would be shown where they stood before.
  earlier.problems.errors.length + earlier.problems.warnings.length === 0 &&
  earlier.key === key &&
  earlier.lists.size === lists.size &&
  [...lists].every(([name, list]) => earlier.lists.get(name) === list);

function keyOf({ names, brokenFeatures, lostNames, lists, predicates, reasons }: VocabularyParts): string {
  const texts = predicates.map(({ key, value }) => [key.text, value.kind === 'scalar' ? value.text : value.kind]);
  return JSON.stringify([names, brokenFeatures, lostNames, [...lists.keys()], texts, [...reasons.values()]]);
}

const usableLists = (lists: ReadLists): ReadonlyMap<string, NamedList> =>
  new Map([...lists].flatMap(([name, { list }]): [string, NamedList][] => (list === undefined ? [] : [[name, list]])));

function* build(parts: VocabularyParts, key: string, lists: ReadonlyMap<string, NamedList>): Steps<RuleVocabulary> {
  const { names, signals, reasons } = parts;
  const brokenLists = new Set([...parts.lists.keys()].filter((name) => !lists.has(name)));
  const scope = new RuleScope({ inputs: inputsOf(names, signals), lists, brokenLists });
  for (const feature of parts.brokenFeatures)
    for (const name of [feature, ...featureInputs({ kind: 'burst', name: feature })]) scope.declare(name, nothing);
  for (const name of parts.lostNames) scope.declareBroken(name);
  const problems = new ProblemSink();
  const predicates = yield* checkPredicates(parts.predicates, scope, new FieldReader(problems));
  return { names, scope, lists, predicates, reasons, problems, key };
}

const nothing = { check: () => undefined, circular: () => undefined };

function inputsOf(names: readonly string[], signals: ReadonlyMap<string, SignalInfo>): ReadonlyMap<string, InputInfo> {
  return new Map(
    names.map((name, slot): [string, InputInfo] => {
      const signal = signals.get(name);
      if (signal === undefined) return [name, { name, slot, type: 'number', optional: true }];
      const { type, optional, values } = signal;
      return [name, { name, slot, type, optional, ...(values === undefined ? {} : { values }) }];
    }),
  );
}

function* checkPredicates(
  entries: readonly YamlEntry[],
  scope: RuleScope,
  fields: FieldReader,
): Steps<ReadonlyMap<string, CheckedExpression>> {
  for (const { key, value } of entries)
    scope.declare(key.text, {
      check: () => readExpression(value, 'boolean', { scope, fields }),
      circular: () => fields.error('E027', key, `predicate '${key.text}' refers to itself, directly or through others`),
    });
  const predicates = new Map<string, CheckedExpression>();
  for (const { key } of entries) {
    const checked = scope.predicate(key.text);
    if (checked !== undefined) predicates.set(key.text, checked);
    yield;
  }
  return predicates;
}
