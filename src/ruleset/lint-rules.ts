import type { Steps } from '../model/steps.js';
import { effectLints } from './lints/effect-lints.js';
import { expressionLints } from './lints/expression-lints.js';
import { featureLints } from './lints/feature-lints.js';
import { impliedRules } from './lints/implied-rules.js';
import { linkLints } from './lints/link-lints.js';
import type { Lint, LintInput } from './lints/lint.js';
import { listEntryLints } from './lints/list-entry-lints.js';
import { listLints } from './lints/list-lints.js';
import { policyLints } from './lints/policy-lints.js';
import { ruleLints } from './lints/rule-lints.js';
import { truthLints } from './lints/truth-lints.js';
import { namedWindows, unitLints } from './lints/unit-lints.js';
import type { ProblemSink } from './problem-sink.js';

const lints: readonly Lint[] = [
  ...featureLints,
  ...linkLints,
  ...listLints,
  ...ruleLints,
  ...effectLints,
  ...policyLints,
  namedWindows,
  expressionLints,
  unitLints,
  listEntryLints,
  truthLints,
  impliedRules,
];

/** Warns of what is allowed and probably not meant; only a rule set without errors is looked at. */
export function* lintRules(input: LintInput, sink: ProblemSink): Steps<void> {
  for (const lint of lints) {
    yield* lint(input, sink) ?? [];
    yield;
  }
}
