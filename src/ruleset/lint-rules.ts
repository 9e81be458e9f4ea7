import { featureLints } from './lints/feature-lints.js';
import { listLints } from './lints/list-lints.js';
import { ruleLints } from './lints/rule-lints.js';
import type { ProblemSink } from './problem-sink.js';
import type { FeatureDeclaration } from './read-feature.js';
import type { RuleSet } from './rule-set.js';
import type { YamlEntry } from './yaml/yaml-node.js';

export interface LintInput {
  readonly ruleSet: RuleSet;
  readonly features: readonly FeatureDeclaration[];
  /** Texts of the list files by path. */
  readonly listFiles: ReadonlyMap<string, string>;
  readonly predicates: readonly YamlEntry[];
}

export type Lint = (input: LintInput, sink: ProblemSink) => void;

const lints: readonly Lint[] = [...featureLints, ...listLints, ...ruleLints];

/** Warns of what is allowed and probably not meant; only a rule set without errors is looked at. */
export function lintRules(input: LintInput, sink: ProblemSink): void {
  for (const lint of lints) lint(input, sink);
}
