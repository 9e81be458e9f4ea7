import type { ProblemSink } from '../problem-sink.js';
import type { FeatureDeclaration } from '../read-feature.js';
import type { LinkDeclaration } from '../read-link.js';
import type { RuleSet } from '../rule-set.js';
import type { YamlEntry } from '../yaml/yaml-node.js';

export interface LintInput {
  readonly ruleSet: RuleSet;
  readonly features: readonly FeatureDeclaration[];
  readonly links: readonly LinkDeclaration[];
  /** Texts of the list files by path. */
  readonly listFiles: ReadonlyMap<string, string>;
  readonly predicates: readonly YamlEntry[];
}

export type Lint = (input: LintInput, sink: ProblemSink) => void;
