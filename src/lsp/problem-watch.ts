import { loadFiles } from '../adapters/files/open-rules.js';
import { runInSlices, type Steps } from '../model/steps.js';
import { LoadMemory } from '../ruleset/load-memory.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { isTestFile, type ReadTests, readTestFiles } from '../sequences/read-test-files.js';
import { inSlices } from './in-slices.js';
import type { RulesFolder } from './rules-folder.js';

export interface FoundProblem extends RuleProblem {
  readonly severity: 'error' | 'warning';
}

/** All problems by file; files that are open, and those that had some before, are there without any too. */
type ProblemsByFile = ReadonlyMap<string, readonly FoundProblem[]>;

/** After the last key that was pressed, milliseconds. */
const quietMs = 100;

/** Checks the folder when nobody has typed for a moment, in slices, and what has not changed not again. */
export class ProblemWatch {
  readonly #memory = new LoadMemory();
  #timer: NodeJS.Timeout | undefined;
  #round = 0;
  #found: ProblemsByFile = new Map();
  #tests = new Map<string, { readonly key: string; readonly read: ReadTests }>();

  constructor(
    private readonly folder: RulesFolder,
    private readonly publish: (problems: ProblemsByFile) => void,
  ) {}

  /** What was found last. */
  in(path: string): readonly FoundProblem[] {
    return this.#found.get(path) ?? [];
  }

  /** Something has changed. */
  touch(): void {
    if (!this.folder.isRead) return;
    this.#round++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), quietMs);
  }

  async #check(): Promise<void> {
    const round = this.#round;
    const { files, unreadable, unread } = this.folder.files;
    const input = { now: Date.now(), expiredExceptions: 'error', memory: this.#memory } as const;
    const pace = { ...inSlices, isOvertaken: () => round !== this.#round };
    const loaded = await runInSlices(loadFiles({ files, unreadable, unread }, input), pace);
    if (loaded === undefined) return;
    const tests = await runInSlices(this.#readTests(files, loaded.ruleSet), pace);
    if (tests === undefined || round !== this.#round) return;
    const errors = tests.flatMap((read) => read.errors);
    const warnings = tests.flatMap((read) => read.warnings);
    this.#found = this.#byFile([...loaded.errors, ...errors], [...loaded.warnings, ...warnings]);
    this.publish(this.#found);
  }

  /** A file at a time; one that is the same as before, beside the same rules, is not read again. */
  *#readTests(files: ReadonlyMap<string, string>, ruleSet: RuleSet | undefined): Steps<readonly ReadTests[]> {
    const before = this.#tests;
    this.#tests = new Map();
    for (const [path, text] of files) {
      if (!isTestFile(path)) continue;
      const key = `${ruleSet?.hash ?? ''}\n${text}`;
      const known = before.get(path);
      const read = known?.key === key ? known.read : readTestFiles(new Map([[path, text]]), ruleSet);
      this.#tests.set(path, { key, read });
      yield;
    }
    return [...this.#tests.values()].map(({ read }) => read);
  }

  #byFile(errors: readonly RuleProblem[], warnings: readonly RuleProblem[]): ProblemsByFile {
    const byFile = new Map<string, FoundProblem[]>();
    for (const [path, found] of this.#found) if (found.length > 0) byFile.set(path, []);
    for (const path of this.folder.openPaths) byFile.set(path, []);
    const add = (severity: FoundProblem['severity'], problem: RuleProblem): void => {
      const list = byFile.get(problem.file) ?? [];
      byFile.set(problem.file, [...list, { ...problem, severity }]);
    };
    for (const problem of errors) add('error', problem);
    for (const problem of warnings) add('warning', problem);
    return byFile;
  }
}
