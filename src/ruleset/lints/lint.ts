import type { Steps } from '../../model/steps.js';
import type { ProblemSink } from '../problem-sink.js';
import type { FeatureDeclaration } from '../read-feature.js';
import type { LinkDeclaration } from '../read-link.js';
import type { RuleSet } from '../rule-set.js';
import type { YamlEntry, YamlNode } from '../yaml/yaml-node.js';

export interface LintInput {
  readonly ruleSet: RuleSet;
  readonly features: readonly FeatureDeclaration[];
  readonly links: readonly LinkDeclaration[];
  /** Texts of the list files by path. */
  readonly listFiles: ReadonlyMap<string, string>;
  readonly predicates: readonly YamlEntry[];
  /** As they stand in the files. */
  readonly rules: readonly YamlNode[];
  readonly reasons: readonly YamlEntry[];
  readonly policy: YamlNode | undefined;
}

/** Long ones go in steps. */
export type Lint = (input: LintInput, sink: ProblemSink) => Steps<void> | void;
