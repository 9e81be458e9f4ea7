import type { RuleProblem } from '../../../ruleset/rule-problem.js';
import type { LoadedFolder } from '../open-rules.js';

/** Port of whoever keeps a service's rules up to date: loads a folder again and again, beside other work. */
export interface RulesLoader {
  /** Undefined when it was overtaken. What is wrong with the folder is told in `errors`; rejects only when loading broke. */
  load(isOvertaken: () => boolean): Promise<LoadedFolder | undefined>;
  /** Keeps the set that was loaded last, for a restart. */
  keep(loaded: LoadedFolder): Promise<void>;
  /** All warnings of the set that was loaded last; undefined when it was overtaken. */
  lint(loaded: LoadedFolder, isOvertaken: () => boolean): Promise<readonly RuleProblem[] | undefined>;
  close(): Promise<void>;
}
