import { loadFiles } from '../adapters/files/open-rules.js';
import { runInSlices } from '../model/steps.js';
import { LoadMemory } from '../ruleset/load-memory.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import { isTestFile, readTestFiles } from '../sequences/read-test-files.js';
import { inSlices } from './in-slices.js';
import type { RulesFolder } from './rules-folder.js';

export interface FoundProblem extends RuleProblem {
  readonly severity: 'error' | 'warning';
}

/** All problems by file; files that are open, and those that had some before, are there without any too. */
export type ProblemsByFile = ReadonlyMap<string, readonly FoundProblem[]>;

/** After the last key that was pressed, milliseconds. */
const quietMs = 100;

/** Checks the folder when nobody has typed for a moment, in slices, and what has not changed not again. */
export class ProblemWatch {
  readonly #memory = new LoadMemory();
  #timer: NodeJS.Timeout | undefined;
  #round = 0;
  #found: ProblemsByFile = new Map();

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
    const { files, unreadable } = this.folder.files;
    const input = { now: Date.now(), expiredExceptions: 'error', memory: this.#memory } as const;
    const loaded = await runInSlices(loadFiles({ files, unreadable }, input), {
      ...inSlices,
      isOvertaken: () => round !== this.#round,
    });
    if (loaded === undefined || round !== this.#round) return;
    const tests = new Map([...files].filter(([path]) => isTestFile(path)));
    const { errors, warnings } = readTestFiles(tests, loaded.ruleSet);
    this.#found = this.#byFile([...loaded.errors, ...errors], [...loaded.warnings, ...warnings]);
    this.publish(this.#found);
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
