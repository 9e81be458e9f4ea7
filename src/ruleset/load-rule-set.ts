import type { CheckedExpression } from '../expression/checked-expression.js';
import { parseListFile } from '../lists/parse-list-file.js';
import type { InputInfo } from '../model/expression-scope.js';
import { featureInputs } from '../model/feature.js';
import type { NamedList } from '../model/list.js';
import type { ReasonInfo } from '../model/reason.js';
import { ringInputs } from '../model/ring.js';
import type { SignalInfo } from '../model/signal.js';
import type { Instant } from '../model/time.js';
import { signalCatalogue } from '../signals/catalogue.js';
import { collectDeclarations, type Declarations } from './collect-declarations.js';
import { compileRuleSet } from './compile-rule-set.js';
import { defaultPolicy } from './default-policy.js';
import { hashFiles } from './hash-files.js';
import { lintRules } from './lint-rules.js';
import { type Located, ProblemSink } from './problem-sink.js';
import { readExpression } from './read-expression.js';
import { type FeatureDeclaration, readFeature } from './read-feature.js';
import { readLinks } from './read-link.js';
import { readPolicy } from './read-policy.js';
import { readReason } from './read-reason.js';
import { readRule } from './read-rule.js';
import type { RuleDeclaration } from './rule-declaration.js';
import { byPlace, type RuleProblem } from './rule-problem.js';
import { RuleScope } from './rule-scope.js';
import type { RuleSet } from './rule-set.js';
import { sortFiles } from './sort-files.js';
import { FieldReader } from './yaml/read-fields.js';
import { SourceFile } from './yaml/source-file.js';
import type { YamlEntry, YamlNode } from './yaml/yaml-node.js';

export interface LoadInput {
  /** Texts by path relative to the rules directory, with forward slashes. */
  readonly files: ReadonlyMap<string, string>;
  readonly now: Instant;
  /** `rules check` refuses an exception that has expired; a service that is running ignores it. */
  readonly expiredExceptions?: 'error' | 'warn';
}

/** A rule set, or why there is none; never a part of one. */
export interface Loaded {
  readonly ruleSet?: RuleSet;
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/** Reads, checks and compiles all files; reports everything that is wrong in one run. */
export function loadRuleSet({ files, now, expiredExceptions = 'error' }: LoadInput): Loaded {
  const sink = new ProblemSink();
  const sorted = sortFiles(files, sink);
  const declared = collectDeclarations(sorted.yaml, sink);
  const fields = new FieldReader(sink);
  const { lists, brokenLists } = readLists(sorted.lists, sink);
  const signals = new Map<string, SignalInfo>(signalCatalogue.map((info) => [info.name, info]));
  const features = unique(declared.features, 'feature', sink).flatMap(
    ({ key, value }) => readFeature(key, value, { fields, signals }) ?? [],
  );
  const names = [
    ...signals.keys(),
    ...features.flatMap(({ spec }) => featureInputs(spec)),
    ...ringInputs.map(({ name }) => name),
  ];
  const scope = new RuleScope({ inputs: inputsOf(names, signals), lists, brokenLists });
  declareBrokenFeatures(declared, features, scope);
  const predicates = checkPredicates(declared, { scope, fields });
  const links = readLinks(unique(declared.links, 'link', sink), { scope, fields, signals });
  const reasons = readReasons(declared.reasons, sink);
  const isIdentifier = (name: string): boolean => signals.get(name)?.identifier === true;
  const context = { scope, reasons, isIdentifier, now, expiredExceptions };
  const rules = uniqueRules(
    declared.rules.flatMap((node) => readRule(node, context, sink) ?? []),
    declared.rules,
    sink,
  );
  const policy = declared.policy === undefined ? defaultPolicy : readPolicy(declared.policy, fields);
  const hash = hashFiles(new Map([...sorted.yaml, ...sorted.lists]));
  const version = readVersion(declared.version, fields) ?? hash.slice('sha256:'.length, 'sha256:'.length + 12);
  if (sink.errors.length > 0) return problemsOf(sink);
  const parts = {
    version,
    hash,
    policy,
    reasons,
    lists,
    features: features.map(({ spec }) => spec),
    links,
    names,
    scope,
  };
  const ruleSet = compileRuleSet({ ...parts, declarations: rules, predicates });
  lintRules({ ruleSet, features, links, listFiles: sorted.lists, predicates: declared.predicates }, sink);
  return { ruleSet, ...problemsOf(sink) };
}

const problemsOf = ({ errors, warnings }: ProblemSink) => ({
  errors: [...errors].sort(byPlace),
  warnings: [...warnings].sort(byPlace),
});

function readLists(files: ReadonlyMap<string, string>, sink: ProblemSink) {
  const lists = new Map<string, NamedList>();
  const brokenLists = new Set<string>();
  for (const [path, text] of files) {
    const name = path.slice('lists/'.length, -'.txt'.length);
    const parsed = parseListFile(name, text);
    if (parsed.ok) {
      lists.set(name, parsed.value);
      continue;
    }
    brokenLists.add(name);
    const file = new SourceFile(path, text);
    for (const { line, column, message } of parsed.error) {
      const start = file.offsetOf(line, column);
      sink.error(
        'E030',
        {
          file,
          start,
          end:
            start +
            file
              .line(line)
              .slice(column - 1)
              .trimEnd().length,
        },
        message,
      );
    }
  }
  return { lists, brokenLists };
}

const bareName = /^[a-z][a-z0-9_]{0,63}$/;

/** Names declared once, of a form that expressions can read. */
function unique(entries: readonly YamlEntry[], what: string, sink: ProblemSink): readonly YamlEntry[] {
  const first = new Map<string, Located>();
  return entries.filter(({ key }) => {
    const before = first.get(key.text);
    if (before !== undefined)
      sink.error('E020', key, `${what} '${key.text}' is declared twice; first in ${placeOf(before)}`);
    else if (what !== 'reason code' && !bareName.test(key.text))
      sink.error('E018', key, `'${key.text}' is no name for a ${what}`, {
        hint: 'small letters, digits and underscores: accounts_per_card_90d',
      });
    else if (reserved.has(key.text)) sink.error('E018', key, `'${key.text}' is a word of the language and no name`);
    if (before === undefined) first.set(key.text, key);
    return before === undefined;
  });
}

const reserved = new Set([
  'true',
  'false',
  'null',
  'in',
  'has',
  'default',
  'in_list',
  'in_cidr',
  'min',
  'max',
  'log2',
  'lists',
  'and',
  'or',
  'not',
]);

const placeOf = ({ file, start, end }: Located): string => `${file.path}:${file.place({ start, end }).line}`;

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

/** A rule that reads a feature whose declaration is wrong is not wrong itself. */
function declareBrokenFeatures(declared: Declarations, read: readonly FeatureDeclaration[], scope: RuleScope): void {
  const whole = new Set(read.map(({ name }) => name.text));
  for (const { key } of declared.features)
    if (!whole.has(key.text))
      for (const name of [key.text, ...featureInputs({ kind: 'burst', name: key.text })])
        scope.declare(name, { check: () => undefined, circular: () => undefined });
}

function checkPredicates(
  declared: Declarations,
  { scope, fields }: { scope: RuleScope; fields: FieldReader },
): ReadonlyMap<string, CheckedExpression> {
  const features = new Map(declared.features.map(({ key }) => [key.text, key]));
  const entries = unique(declared.predicates, 'predicate', fields.sink);
  for (const { key, value } of entries) {
    const feature = features.get(key.text);
    if (feature !== undefined) fields.error('E020', key, `'${key.text}' is a feature already, in ${placeOf(feature)}`);
    scope.declare(key.text, {
      check: () => readExpression(value, 'boolean', { scope, fields }),
      circular: () => fields.error('E027', key, `predicate '${key.text}' refers to itself, directly or through others`),
    });
  }
  return new Map(
    entries.flatMap(({ key }): [string, CheckedExpression][] => {
      const checked = scope.predicate(key.text);
      return checked === undefined ? [] : [[key.text, checked]];
    }),
  );
}

function readReasons(entries: readonly YamlEntry[], sink: ProblemSink): ReadonlyMap<string, ReasonInfo> {
  const fields = new FieldReader(sink);
  const reasons = new Map<string, ReasonInfo>();
  for (const { key, value } of unique(entries, 'reason code', sink)) {
    const read = readReason(key, value, fields);
    // A wrong record is reported once, not at every rule that names it.
    reasons.set(key.text, read ?? { code: key.text, title: '', public: '' });
  }
  return reasons;
}

/** Ids are compared as written, in rules that are otherwise wrong too. */
function uniqueRules(
  rules: readonly RuleDeclaration[],
  nodes: readonly YamlNode[],
  sink: ProblemSink,
): readonly RuleDeclaration[] {
  const first = new Map<string, Located>();
  for (const node of nodes) {
    const id = node.kind === 'map' ? node.entries.get('id')?.value : undefined;
    if (id?.kind !== 'scalar') continue;
    const before = first.get(id.text);
    if (before === undefined) first.set(id.text, id);
    else sink.error('E020', id, `rule '${id.text}' is declared twice; first in ${placeOf(before)}`, { rule: id.text });
  }
  return rules;
}

function readVersion(node: YamlNode | undefined, fields: FieldReader): string | undefined {
  const scalar = node === undefined ? undefined : fields.scalar(node, 'a version such as 2026-11-20.3');
  if (node === undefined || scalar === undefined) return undefined;
  if (/^[A-Za-z0-9._+-]{1,64}$/.test(scalar.text)) return scalar.text;
  return fields.error('E018', node, `'${scalar.text}' is no version`, 'letters, digits, dots and dashes: 2026-11-20.3');
}
