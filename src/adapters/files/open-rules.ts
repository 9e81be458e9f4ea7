import { type Loaded, type LoadInput, loadRuleSet } from '../../ruleset/load-rule-set.js';
import type { RuleProblem } from '../../ruleset/rule-problem.js';
import type { RuleSet } from '../../ruleset/rule-set.js';
import { keepGoodRules, readGoodRules } from './good-rules.js';
import { type RuleFiles, readRuleFiles, type UnreadableFile } from './rule-files.js';

export interface FirstRules {
  readonly ruleSet: RuleSet;
  /** What it was made of. */
  readonly files: ReadonlyMap<string, string>;
  /** Not empty: the folder has errors, and this is the last good set that was kept. */
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

export interface LoadedFolder extends Loaded {
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads, checks and compiles a folder; a file that cannot be read is an error beside the others. A running service ignores
 * exceptions that have expired; `rules check` refuses them. `instead` takes the place of files, by path. Rejects when there
 * is no such folder.
 */
export async function loadRulesFolder(
  folder: string,
  expiredExceptions: NonNullable<LoadInput['expiredExceptions']> = 'warn',
  instead: ReadonlyMap<string, string> = new Map(),
): Promise<LoadedFolder> {
  const { files: own, unreadable } = await readRuleFiles(folder);
  const files = new Map([...own, ...instead]);
  const loaded = loadRuleSet({ files, now: Date.now(), expiredExceptions });
  const errors = [
    ...unreadable.map(unusable),
    ...emptyFolder(files, unreadable),
    ...emptyFiles(files),
    ...loaded.errors,
  ];
  return errors.length === 0 ? { files, ...loaded } : { files, errors, warnings: loaded.warnings };
}

const firstPlace = { line: 1, column: 1, end_column: 2 };

const unusable = ({ path, why }: UnreadableFile): RuleProblem => ({
  code: 'E029',
  message: `this file cannot be used: ${why}`,
  file: path,
  ...firstPlace,
});

/** No rule at all is a folder that is being deleted or was named wrongly, not a wish to let everybody in. */
function emptyFolder(files: RuleFiles['files'], unreadable: RuleFiles['unreadable']): RuleProblem[] {
  if (unreadable.length > 0 || [...files.keys()].some((path) => /\.ya?ml$/.test(path))) return [];
  return [{ code: 'E032', message: 'the folder holds no rules: there is no *.yml in it', file: '.', ...firstPlace }];
}

/** Whoever writes a file empties it first: half a moment later its rules are back, and must not be gone meanwhile. */
const emptyFiles = (files: RuleFiles['files']): RuleProblem[] =>
  [...files]
    .filter(([path, text]) => /\.ya?ml$/.test(path) && text.trim() === '')
    .map(([path]) => unusable({ path, why: 'it is empty' }));

/** The folder's rule set, else the last good one of an earlier run. Rejects when there is neither. */
export async function openRules(folder: string, dataDir: string): Promise<FirstRules> {
  const loaded = await loadRulesFolder(folder);
  if (loaded.ruleSet !== undefined) {
    await keepGoodRules(dataDir, loaded.files, loaded.ruleSet.hash);
    return { ruleSet: loaded.ruleSet, files: loaded.files, errors: [], warnings: loaded.warnings };
  }
  const kept = await readGoodRules(dataDir);
  const good = kept && loadRuleSet({ files: kept.files, now: Date.now(), expiredExceptions: 'warn' }).ruleSet;
  if (good !== undefined && good.hash === kept?.hash)
    return { ruleSet: good, files: kept.files, errors: loaded.errors, warnings: loaded.warnings };
  const first = loaded.errors[0];
  const where = first === undefined ? folder : `${first.file}:${first.line}:${first.column}: ${first.message}`;
  throw new Error(`RULES_DIR: the rules have ${loaded.errors.length} errors, the first is ${where}`);
}
