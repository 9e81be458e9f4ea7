import { type Loaded, loadRuleSet } from '../../ruleset/load-rule-set.js';
import type { RuleProblem } from '../../ruleset/rule-problem.js';
import type { RuleSet } from '../../ruleset/rule-set.js';
import { keepGoodRules, readGoodRules } from './good-rules.js';
import { readRuleFiles } from './rule-files.js';

export interface FirstRules {
  readonly ruleSet: RuleSet;
  /** Not empty: the folder has errors, and this is the last good set that was kept. */
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/** Reads, checks and compiles a folder as a running service does: exceptions that have expired are ignored. */
export async function loadRulesFolder(folder: string): Promise<Loaded & { files: ReadonlyMap<string, string> }> {
  const { files, unreadable } = await readRuleFiles(folder);
  const loaded = loadRuleSet({ files, now: Date.now(), expiredExceptions: 'warn' });
  const broken = unreadable.map(({ path, why }) => ({
    code: 'E029',
    message: `this file cannot be used: ${why}`,
    file: path,
    line: 1,
    column: 1,
    end_column: 2,
  }));
  return { ...loaded, files, errors: [...broken, ...loaded.errors] };
}

/** The folder's rule set, else the last good one of an earlier run. Rejects when there is neither. */
export async function openRules(folder: string, dataDir: string): Promise<FirstRules> {
  const loaded = await loadRulesFolder(folder);
  if (loaded.ruleSet !== undefined && loaded.errors.length === 0) {
    await keepGoodRules(dataDir, loaded.files, loaded.ruleSet.hash);
    return { ruleSet: loaded.ruleSet, errors: [], warnings: loaded.warnings };
  }
  const kept = await readGoodRules(dataDir);
  const good = kept && loadRuleSet({ files: kept.files, now: Date.now(), expiredExceptions: 'warn' }).ruleSet;
  if (good !== undefined && good.hash === kept?.hash)
    return { ruleSet: good, errors: loaded.errors, warnings: loaded.warnings };
  const first = loaded.errors[0];
  const where = first === undefined ? folder : `${first.file}:${first.line}:${first.column}: ${first.message}`;
  throw new Error(`RULES_DIR: the rules have ${loaded.errors.length} errors, the first is ${where}`);
}
