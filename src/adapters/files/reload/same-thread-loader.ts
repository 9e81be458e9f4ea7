import { type Pace, runInSlices } from '../../../model/steps.js';
import { keepGoodRules } from '../good-rules.js';
import type { LoadedFolder, RulesFolder } from '../open-rules.js';
import type { RulesLoader } from './rules-loader.js';

/** Loads in slices of this very thread: for a thread of its own, and for whoever has no other. */
export class SameThreadLoader implements RulesLoader {
  constructor(
    private readonly folder: RulesFolder,
    private readonly dataDir: string,
    private readonly pace: Pace,
  ) {}

  load(isOvertaken: () => boolean): Promise<LoadedFolder | undefined> {
    return this.folder.loadInSlices({ ...this.pace, isOvertaken });
  }

  async keep({ files, ruleSet }: LoadedFolder): Promise<void> {
    if (ruleSet !== undefined) await keepGoodRules(this.dataDir, files, ruleSet.hash);
  }

  async lint({ lints, warnings }: LoadedFolder, isOvertaken: () => boolean) {
    return lints === undefined ? warnings : runInSlices(lints(), { ...this.pace, isOvertaken });
  }

  async close(): Promise<void> {}
}
