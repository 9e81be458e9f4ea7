import { featureInputs } from '../model/feature.js';
import type { ReasonInfo } from '../model/reason.js';
import { ringInputs } from '../model/ring.js';
import type { SignalInfo } from '../model/signal.js';
import type { Steps } from '../model/steps.js';
import { signalCatalogue } from '../signals/catalogue.js';
import { checkPatterns, type Written } from './check-patterns.js';
import type { Declarations } from './collect-declarations.js';
import type { RuleSetParts } from './compile-rule-set.js';
import { complainOfRepeatedIds, isBareName, isReadableName, namesOnce, placeOf } from './declared-once.js';
import { defaultPolicy } from './default-policy.js';
import type { LoadMemory } from './load-memory.js';
import type { ProblemSink } from './problem-sink.js';
import { type FeatureDeclaration, readFeature } from './read-feature.js';
import { type LinkDeclaration, readLinks } from './read-link.js';
import type { ReadLists } from './read-list-files.js';
import { readPolicy } from './read-policy.js';
import { isReasonCode, readReason } from './read-reason.js';
import { type ReadRules, readRules } from './read-rules.js';
import type { RuleContext } from './rule-reader.js';
import { type RuleVocabulary, ruleVocabulary } from './rule-vocabulary.js';
import { FieldReader } from './yaml/read-fields.js';
import type { YamlEntry } from './yaml/yaml-node.js';

interface Declared extends Pick<RuleContext, 'now' | 'expiredExceptions'> {
  readonly declared: Declarations;
  readonly lists: ReadLists;
  readonly memory: LoadMemory;
}

interface ReadDeclarations {
  readonly features: readonly FeatureDeclaration[];
  readonly links: readonly LinkDeclaration[];
  readonly rules: ReadRules;
  /** Of no use when something is wrong. */
  readonly parts: Omit<RuleSetParts, 'version' | 'hash'>;
}

const signals: ReadonlyMap<string, SignalInfo> = new Map(signalCatalogue.map((info) => [info.name, info]));
const isIdentifier = (name: string): boolean => signals.get(name)?.identifier === true;

/** Checks everything that the files declare. */
export function* readDeclarations(input: Declared, sink: ProblemSink): Steps<ReadDeclarations> {
  const { declared, lists, memory, now, expiredExceptions } = input;
  const fields = new FieldReader(sink);
  for (const { problems } of lists.values()) sink.take(problems);
  const features = yield* readFeatures(declared, fields);
  const reasons = readReasons(declared, fields);
  const vocabulary = yield* readVocabulary({ declared, lists, features, reasons, memory }, sink);
  const { scope } = vocabulary;
  const links = readLinks(namesOnce(declared.links, 'link', sink), { scope, fields, signals });
  const rules = yield* readRules(declared.rules, {
    vocabulary,
    earlier: memory.rules,
    scope,
    reasons: vocabulary.reasons,
    isIdentifier,
    now,
    expiredExceptions,
  });
  for (const { problems } of rules.rules) sink.take(problems);
  complainOfRepeatedIds(declared.rules, sink);
  yield* checkPatterns(writtenIn({ declared, vocabulary, links, rules }), sink);
  const parts = {
    policy: declared.policy === undefined ? defaultPolicy : readPolicy(declared.policy, fields, vocabulary.reasons),
    reasons: vocabulary.reasons,
    lists: vocabulary.lists,
    features: features.map(({ spec }) => spec),
    links,
    names: vocabulary.names,
    scope,
    predicates: vocabulary.predicates,
    declarations: rules.rules.flatMap(({ declaration }) => declaration ?? []),
  };
  return { features, links, rules, parts };
}

function* readFeatures(declared: Declarations, fields: FieldReader): Steps<readonly FeatureDeclaration[]> {
  const features: FeatureDeclaration[] = [];
  for (const { key, value } of namesOnce(declared.features, 'feature', fields.sink)) {
    const feature = readFeature(key, value, { fields, signals });
    if (feature !== undefined) features.push(feature);
    yield;
  }
  return features;
}

interface Read extends Pick<ReadDeclarations, 'links' | 'rules'> {
  readonly declared: Declarations;
  readonly vocabulary: RuleVocabulary;
}

function* writtenIn({ declared, vocabulary, links, rules }: Read): Generator<Written> {
  for (const { key } of declared.predicates) {
    const checked = vocabulary.predicates.get(key.text);
    if (checked !== undefined) yield { at: key, expressions: [checked] };
  }
  for (const { name, when } of links) if (when !== undefined) yield { at: name, expressions: [when] };
  for (const { declaration } of rules.rules) {
    if (declaration === undefined) continue;
    const { at, when, points, exceptions } = declaration;
    yield { at, expressions: [when, points, ...exceptions.map((exception) => exception.when)] };
  }
}

interface Named {
  readonly declared: Declarations;
  readonly lists: ReadLists;
  readonly features: readonly FeatureDeclaration[];
  readonly reasons: ReadonlyMap<string, ReasonInfo>;
  readonly memory: LoadMemory;
}

function* readVocabulary(
  { declared, lists, features, reasons, memory }: Named,
  sink: ProblemSink,
): Steps<RuleVocabulary> {
  const once = namesOnce(declared.predicates, 'predicate', sink);
  const shared = complainOfSharedNames(declared, once, sink);
  // Nobody knows which of the two is meant where the name is read.
  const predicates = once.filter(({ key }) => !shared.has(key.text));
  const own = features.filter(({ name }) => !shared.has(name.text));
  const whole = new Set(own.map(({ name }) => name.text));
  const vocabulary = yield* ruleVocabulary(
    {
      names: [
        ...[...signals.keys()].map((name) => [name]),
        ...own.map(({ spec }) => featureInputs(spec)),
        ...ringInputs.map(({ name }) => [name]),
      ],
      signals,
      brokenFeatures: declared.features.map(({ key }) => key.text).filter((name) => !whole.has(name)),
      misnamed: misnamed(declared),
      lostNames: lostNames(declared),
      lists,
      predicates,
      reasons,
    },
    memory.rules?.vocabulary,
  );
  sink.take(vocabulary.problems);
  return vocabulary;
}

/** Names that are both a feature's and a predicate's. */
function complainOfSharedNames(
  declared: Declarations,
  predicates: readonly YamlEntry[],
  sink: ProblemSink,
): ReadonlySet<string> {
  const shared = new Set<string>();
  const features = new Map(declared.features.map(({ key }) => [key.text, key]));
  for (const { key } of predicates) {
    const feature = features.get(key.text);
    if (feature === undefined) continue;
    shared.add(key.text);
    sink.error('E020', key, `'${key.text}' is a feature already, in ${placeOf(feature)}`);
  }
  return shared;
}

const misnamed = ({ features, predicates }: Declarations): readonly string[] =>
  [...features, ...predicates]
    .map(({ key }) => key.text)
    .filter((name) => !isReadableName(name))
    .flatMap((name) => [name, ...featureInputs({ kind: 'burst', name })]);

/** A name of a wrong form is declared all the same: who reads it in the right form is not wrong, too. */
const lostNames = ({ features, predicates, reasons, lostNames: names }: Declarations): readonly string[] => [
  ...names,
  ...[...features, ...predicates].map(({ key }) => key.text).filter((name) => !isBareName(name)),
  ...reasons.map(({ key }) => key.text).filter((code) => !isReasonCode(code)),
];

function readReasons(declared: Declarations, fields: FieldReader): ReadonlyMap<string, ReasonInfo> {
  const reasons = new Map([...declared.lostNames].map((code) => [code, { code, title: '', public: '' }]));
  for (const { key, value } of namesOnce(declared.reasons, 'reason code', fields.sink)) {
    const read = readReason(key, value, fields);
    // A wrong record is reported once, not at every rule that names it.
    reasons.set(key.text, read ?? { code: key.text, title: '', public: '' });
  }
  return reasons;
}
