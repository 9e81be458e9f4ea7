import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRuleFiles } from '../adapters/files/rule-files.js';
import type { Instant } from '../model/time.js';
import { type Loaded, loadRuleSet } from '../ruleset/load-rule-set.js';
import { countProblems, renderProblem } from '../ruleset/render-problem.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { SourceFile } from '../ruleset/yaml/source-file.js';
import { complain, type Environment, UsageError } from './command-arguments.js';

export interface LoadedDirectory extends Loaded {
  readonly directory: string;
  readonly files: ReadonlyMap<string, string>;
}

export const rulesDirectory = (given: string | undefined, environment: Environment): string =>
  given ?? (environment.RULES_DIR || 'rules');

/** Reads and checks a rules directory; a file that cannot be read is an error beside the others. */
export async function loadDirectory(directory: string, now: Instant): Promise<LoadedDirectory> {
  const { files, unreadable } = await readRuleFiles(directory).catch((failure: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read the rules directory '${directory}': ${failure.code ?? failure.message}`);
  });
  const loaded = loadRuleSet({ files, now });
  const more = unreadable.map(({ path, why }) => ({
    code: 'E029',
    message: `this file cannot be used: ${why}`,
    file: path,
    line: 1,
    column: 1,
    end_column: 2,
  }));
  if (more.length === 0) return { directory, files, ...loaded };
  return { directory, files, errors: [...more, ...loaded.errors], warnings: loaded.warnings };
}

/** For commands that need a rule set: its errors are shown, and there is none. */
export async function requireRuleSet(directory: string, now: Instant): Promise<RuleSet | undefined> {
  const loaded = await loadDirectory(directory, now);
  if (loaded.ruleSet !== undefined) return loaded.ruleSet;
  complain(`${problemsText(loaded)}\nthe rules in '${directory}' have errors`);
  return undefined;
}

/** All problems in the form for people, with a count at the end. */
export function problemsText({ directory, files, errors, warnings }: LoadedDirectory): string {
  const sources = new Map<string, SourceFile>();
  const lineOf = ({ file, line }: RuleProblem): string => {
    const source = sources.get(file) ?? new SourceFile(file, files.get(file) ?? '');
    sources.set(file, source);
    return source.line(line);
  };
  const render = (severity: 'error' | 'warning') => (problem: RuleProblem) =>
    renderProblem(problem, severity, { path: join(directory, problem.file), line: lineOf(problem) });
  const shown = [...errors.map(render('error')), ...warnings.map(render('warning'))];
  return [...shown, countProblems(errors.length, warnings.length)].join('\n');
}

/** The named rule set; without a name the usual one, or where there is none, no features, lists and predicates. */
export async function ruleSetOrNone(given: string | undefined, environment: Environment): Promise<RuleSet | undefined> {
  const now = Date.now();
  const directory = rulesDirectory(given, environment);
  const named = given !== undefined || environment.RULES_DIR !== undefined;
  if (named || existsSync(directory)) return requireRuleSet(directory, now);
  return loadRuleSet({ files: new Map(), now }).ruleSet;
}
