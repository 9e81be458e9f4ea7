import { finishSteps, type Pace, runInSlices, type Steps } from '../../model/steps.js';
import type { CompileHow } from '../../ruleset/compile-rule-set.js';
import { LoadMemory } from '../../ruleset/load-memory.js';
import { type Loaded, type LoadInput, loadRuleSet, loadRuleSetSteps } from '../../ruleset/load-rule-set.js';
import { byPlace, type RuleProblem } from '../../ruleset/rule-problem.js';
import type { RuleSet } from '../../ruleset/rule-set.js';
import { unreadListMessage, unreadRulesMessage } from '../../ruleset/sort-files.js';
import { keepGoodRules, readGoodRules } from './good-rules.js';
import { type RuleFiles, readRuleFiles, type UnreadableFile } from './rule-files.js';
import { TextMemory } from './text-memory.js';

interface FirstRules {
  readonly ruleSet: RuleSet;
  /** What it was made of. */
  readonly files: ReadonlyMap<string, string>;
  /** Not empty: the folder has errors, and this is the last good set that was kept. */
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
  readonly lints?: Loaded['lints'];
  /** Why there is no copy of them for a restart with a broken folder. */
  readonly unkept?: string | undefined;
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
  const { files, ...others } = await readRuleFiles(folder);
  const found = { files: new Map([...files, ...instead]), ...others };
  return finishSteps(loadFiles(found, { now: Date.now(), expiredExceptions, memory: new LoadMemory() }));
}

/** The same for files that have been read. */
export function* loadFiles(
  { files, unreadable, unread }: RuleFiles,
  { memory, ...how }: Omit<LoadInput, 'files'> & { memory: LoadMemory },
): Steps<LoadedFolder> {
  const lost = unreadable.map(({ path }) => path).filter(isOfRules);
  // Rules that are read in part look wrong where they are not: what is probably not meant is told of whole ones only.
  const lint = lost.length === 0 ? how.lint : 'later';
  const unreadLists = lost.flatMap((path) => /^lists\/([^/]+)\.txt$/.exec(path)?.[1] ?? []);
  const loaded = yield* loadRuleSetSteps(
    { files, ...how, unreadLists, ...(lint === undefined ? {} : { lint }) },
    memory,
  );
  const errors = [
    ...unreadable.filter(({ path }) => how.expiredExceptions === 'error' || isOfRules(path)).map(unusable),
    ...emptyFolder(files, unreadable),
    ...emptyFiles(files),
    ...loaded.errors,
  ];
  const warnings = unread.length === 0 ? loaded.warnings : [...unread.map(notRead), ...loaded.warnings].sort(byPlace);
  return errors.length === 0 ? { files, ...loaded, warnings } : { files, errors, warnings };
}

/** Tests are for their authors: whatever is wrong with them, the rules go into service. */
const isOfRules = (path: string): boolean => !path.startsWith('tests/');

const firstPlace = { line: 1, column: 1, end_column: 2 };

const unusable = ({ path, why }: UnreadableFile): RuleProblem => ({
  code: 'E029',
  message: `this file cannot be used: ${why}`,
  file: path,
  ...firstPlace,
});

const notRead = (path: string): RuleProblem => ({
  code: 'W012',
  ...(/\.ya?ml$/i.test(path)
    ? { message: unreadRulesMessage, hint: 'rename it' }
    : { message: unreadListMessage, hint: 'rename it, or move it out of lists/' }),
  file: path,
  ...firstPlace,
});

/** No rule at all is a folder that is being deleted or was named wrongly, not a wish to let everybody in. */
function emptyFolder(files: RuleFiles['files'], unreadable: RuleFiles['unreadable']): RuleProblem[] {
  if (unreadable.length > 0 || [...files.keys()].some((path) => /\.ya?ml$/.test(path) && isOfRules(path))) return [];
  return [{ code: 'E032', message: 'the folder holds no rules: there is no *.yml in it', file: '.', ...firstPlace }];
}

/** Whoever writes a file empties it first: half a moment later its rules are back, and must not be gone meanwhile. */
const emptyFiles = (files: RuleFiles['files']): RuleProblem[] =>
  [...files]
    .filter(([path, text]) => /\.ya?ml$/.test(path) && isOfRules(path) && text.trim() === '')
    .map(([path]) => unusable({ path, why: 'it is empty' }));

/** A folder that cannot be read at all. */
// biome-ignore lint/correctness/useYield: there is nothing to do.
function* missingFolder(folder: string, failure: unknown): Steps<LoadedFolder> {
  const told = failure instanceof Error ? failure.message : String(failure);
  // Of `ENOENT: no such file or directory, realpath '/rules'` what nobody has to look up.
  const why = /E[A-Z0-9]+: (.+), \w+ '/.exec(told)?.[1] ?? told;
  const message = `the rules folder '${folder}' cannot be read: ${why}`;
  return { files: new Map(), errors: [{ code: 'E032', message, file: '.', ...firstPlace }], warnings: [] };
}

/** A rule set for a service. */
const forService = () => ({ now: Date.now(), expiredExceptions: 'warn', lint: 'later' }) as const;

/** Reads a folder again and again: only files that have changed are read, checked and compiled anew. */
export class RulesFolder {
  readonly memory = new LoadMemory();
  readonly #texts = new TextMemory();

  /** `ahead`: requests wait for the rule set. */
  constructor(
    readonly path: string,
    private readonly compile: CompileHow['compile'] = 'ahead',
  ) {}

  /** All at once. Never rejects: a folder that is not there is an error as well. */
  async load(): Promise<LoadedFolder> {
    const steps = await this.#steps();
    return finishSteps(steps);
  }

  /** Beside other work. Undefined when the load was overtaken. */
  async loadInSlices(pace: Pace): Promise<LoadedFolder | undefined> {
    return runInSlices(await this.#steps(), pace);
  }

  async #steps(): Promise<Steps<LoadedFolder>> {
    try {
      const found = await readRuleFiles(this.path, this.#texts);
      return loadFiles(found, { ...forService(), compile: this.compile, memory: this.memory });
    } catch (failure) {
      return missingFolder(this.path, failure);
    }
  }
}

/** The folder's rule set, else the last good one of an earlier run. Rejects when there is neither. */
export async function openRules(folder: RulesFolder, dataDir: string): Promise<FirstRules> {
  const loaded = await folder.load();
  if (loaded.ruleSet !== undefined) {
    const kept = keepGoodRules(dataDir, loaded.files, loaded.ruleSet.hash);
    const unkept = await kept.then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return { ...loaded, ruleSet: loaded.ruleSet, unkept };
  }
  const kept = await readGoodRules(dataDir);
  const good = kept && loadRuleSet({ files: kept.files, ...forService(), compile: 'ahead' }).ruleSet;
  if (good !== undefined && good.hash === kept?.hash)
    return { ruleSet: good, files: kept.files, errors: loaded.errors, warnings: loaded.warnings };
  throw new Error(`RULES_DIR: ${toldBriefly(folder.path, loaded.errors)}`);
}

function toldBriefly(path: string, errors: readonly RuleProblem[]): string {
  const [first] = errors;
  if (first === undefined) return path;
  // Of the folder itself there is no place to show.
  if (first.file === '.') return first.message;
  const where = `${first.file}:${first.line}:${first.column}: ${first.message}`;
  return errors.length === 1
    ? `the rules have an error, ${where}`
    : `the rules have ${errors.length} errors, the first is ${where}`;
}
