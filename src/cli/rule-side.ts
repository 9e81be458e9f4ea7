import { stat } from 'node:fs/promises';
import { readGitRules } from '../adapters/files/git-rules.js';
import { loadRulesFolder } from '../adapters/files/open-rules.js';
import type { RuleSetSide } from '../ruleset/diff/diff-rule-sets.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import { complain, type Environment, UsageError } from './command-arguments.js';
import { problemsText, rulesDirectory } from './load-rules.js';

/** A rule set that was named on the command line, and how it is called there. */
export interface NamedSide extends RuleSetSide {
  readonly name: string;
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * A directory, a Git revision (`HEAD`, `main:rules`), or the hash of a rule set that the running service has decided with.
 * Undefined when it has errors, which are shown. Exceptions that have expired since then are no errors.
 */
export async function loadSide(name: string, environment: Environment): Promise<NamedSide | undefined> {
  if (await isDirectory(name)) return checked(name, await loadRulesFolder(name, 'warn'));
  const files = await otherFiles(name, environment);
  return checked(name, { files, ...loadRuleSet({ files, now: Date.now(), expiredExceptions: 'warn' }) });
}

async function otherFiles(name: string, environment: Environment): Promise<ReadonlyMap<string, string>> {
  const read = await readGitRules(name, rulesDirectory(undefined, environment));
  if (!read.ok) throw new UsageError(`'${name}' is neither a directory nor a Git revision with rules: ${read.error}`);
  const { files, unreadable } = read.value;
  const [first] = unreadable;
  if (first !== undefined) throw new UsageError(`${name}: ${first.path}: ${first.why}`);
  if (files.size === 0) throw new UsageError(`'${name}' holds no rules`);
  return files;
}

type Folder = Awaited<ReturnType<typeof loadRulesFolder>>;

function checked(name: string, loaded: Folder): NamedSide | undefined {
  const { ruleSet, files } = loaded;
  if (ruleSet !== undefined) return { name, ruleSet, files };
  complain(`${problemsText({ directory: name, ...loaded, warnings: [] })}\nthe rules in '${name}' have errors`);
  return undefined;
}
