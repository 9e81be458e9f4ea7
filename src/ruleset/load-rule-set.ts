import { finishSteps, type Steps } from '../model/steps.js';
import type { Instant } from '../model/time.js';
import { joinFiles, readFiles } from './collect-declarations.js';
import { type CompileHow, compileRuleSet } from './compile-rule-set.js';
import { hashFiles } from './hash-files.js';
import { lintRules } from './lint-rules.js';
import { LoadMemory } from './load-memory.js';
import { ProblemSink } from './problem-sink.js';
import { readDeclarations } from './read-declarations.js';
import { type ReadList, type ReadLists, readListFiles } from './read-list-files.js';
import { byPlace, type RuleProblem } from './rule-problem.js';
import type { RuleSet } from './rule-set.js';
import { sortFiles } from './sort-files.js';
import { FieldReader } from './yaml/read-fields.js';
import type { YamlNode } from './yaml/yaml-node.js';

export interface LoadInput {
  /** Texts by path relative to the rules directory, with forward slashes. */
  readonly files: ReadonlyMap<string, string>;
  readonly now: Instant;
  /** `rules check` refuses an exception that has expired; a service that is running ignores it. */
  readonly expiredExceptions?: 'error' | 'warn';
  /** Lists whose files could not be read, which is told elsewhere: who asks for them is not wrong, too. */
  readonly unreadLists?: readonly string[];
  /** Whoever answers requests compiles ahead; `when_asked` by default. */
  readonly compile?: CompileHow['compile'];
  /** Proving what is probably not meant takes longer than everything else: a service decides by the rules meanwhile. */
  readonly lint?: 'now' | 'later';
}

/** A rule set, or why there is none; never a part of one. */
export interface Loaded {
  readonly ruleSet?: RuleSet;
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
  /** Where linting was left for later: all warnings, with those that are told already. */
  readonly lints?: () => Steps<readonly RuleProblem[]>;
}

/** Reads, checks and compiles all files; reports everything that is wrong in one run. */
export const loadRuleSet = (input: LoadInput): Loaded => finishSteps(loadRuleSetSteps(input, new LoadMemory()));

/** The same in small steps; what `memory` holds of an earlier load and has not changed is not read again. */
export function* loadRuleSetSteps(input: LoadInput, memory: LoadMemory): Steps<Loaded> {
  const { files: texts, now, expiredExceptions = 'error', compile = 'when_asked' } = input;
  const sink = new ProblemSink();
  const sorted = sortFiles(texts, sink);
  const files = yield* readFiles(sorted.yaml, memory.files);
  const lists = yield* readListFiles(sorted.lists, memory.lists);
  const declared = joinFiles(files, sink);
  const named = withUnread(lists, input.unreadLists ?? []);
  const read = yield* readDeclarations({ now, expiredExceptions, declared, lists: named, memory }, sink);
  memory.keep({ files, lists, rules: read.rules });
  const hash = yield* hashFiles(new Map([...sorted.yaml, ...sorted.lists]));
  const version = readVersion(declared.version, new FieldReader(sink)) ?? shortOf(hash);
  if (sink.errors.length > 0) return problemsOf(sink);
  const ruleSet = yield* compileRuleSet(
    { version, hash, ...read.parts },
    { unit: read.rules.vocabulary.unit, compile },
  );
  const { features, links } = read;
  const { predicates, rules, reasons, policy } = declared;
  const parts = { ruleSet, features, links, listFiles: sorted.lists, predicates, rules, reasons, policy };
  function* lints(): Steps<readonly RuleProblem[]> {
    yield* lintRules(parts, sink);
    return problemsOf(sink).warnings;
  }
  if (input.lint === 'later') return { ruleSet, ...problemsOf(sink), lints };
  return { ruleSet, errors: [], warnings: yield* lints() };
}

function withUnread(lists: ReadLists, unread: readonly string[]): ReadLists {
  if (unread.length === 0) return lists;
  const lost = unread.map((name): [string, ReadList] => [
    name,
    { text: '', list: undefined, problems: new ProblemSink() },
  ]);
  return new Map([...lists, ...lost]);
}

const shortOf = (hash: string): string => hash.slice('sha256:'.length, 'sha256:'.length + 12);

const problemsOf = ({ errors, warnings }: ProblemSink) => ({
  errors: [...errors].sort(byPlace),
  warnings: [...warnings].sort(byPlace),
});

function readVersion(node: YamlNode | undefined, fields: FieldReader): string | undefined {
  const scalar = node === undefined ? undefined : fields.scalar(node, 'a version such as 2026-11-20.3');
  if (node === undefined || scalar === undefined) return undefined;
  if (/^[A-Za-z0-9._+-]{1,64}$/.test(scalar.text)) return scalar.text;
  return fields.error('E018', node, `'${scalar.text}' is no version`, 'letters, digits, dots and dashes: 2026-11-20.3');
}
