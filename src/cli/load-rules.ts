import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedFolder, loadRulesFolder } from '../adapters/files/open-rules.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import { countProblems, renderProblem } from '../ruleset/render-problem.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { SourceFile } from '../ruleset/yaml/source-file.js';
import { readToolConfig } from '../tool-config.js';
import { BrokenFiles, type Environment, type ParsedArguments, UsageError } from './command-arguments.js';

export interface LoadedDirectory extends LoadedFolder {
  readonly directory: string;
}

export const rulesDirectory = (given: string | undefined, environment: Environment): string =>
  given ?? readToolConfig(environment).rulesDir;

/** Reads and checks a rules directory as authors want it: an exception that has expired is an error. */
export async function loadDirectory(directory: string): Promise<LoadedDirectory> {
  const loaded = await loadRulesFolder(directory, 'error').catch((failure: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read the rules directory '${directory}': ${failure.code ?? failure.message}`);
  });
  return { directory, ...loaded };
}

/** Of commands that take the folder by itself, or as the others do. */
export const givenFolder = ({ positionals, text }: ParsedArguments, environment: Environment): string =>
  rulesDirectory(positionals[0] ?? text('rules'), environment);

/** For commands that need a rule set. Throws `BrokenFiles` where it has errors. */
export async function requireRuleSet(directory: string): Promise<RuleSet> {
  const loaded = await loadDirectory(directory);
  if (loaded.ruleSet !== undefined) return loaded.ruleSet;
  throw brokenRules(loaded);
}

export const brokenRules = (loaded: LoadedDirectory, what = 'rules'): BrokenFiles =>
  new BrokenFiles(`${problemsText(loaded)}\nthe ${what} in '${loaded.directory}' have errors`, loaded.errors);

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
  const directory = rulesDirectory(given, environment);
  const named = given !== undefined || readToolConfig(environment).namedRulesDir !== undefined;
  if (named || existsSync(directory)) return requireRuleSet(directory);
  return loadRuleSet({ files: new Map(), now: Date.now() }).ruleSet;
}
