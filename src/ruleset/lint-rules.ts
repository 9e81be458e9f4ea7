import type { Steps } from '../model/steps.js';
import { featureLints } from './lints/feature-lints.js';
import { linkLints } from './lints/link-lints.js';
import type { Lint, LintInput } from './lints/lint.js';
import { listLints } from './lints/list-lints.js';
import { neverFires } from './lints/never-fires.js';
import { ruleLints } from './lints/rule-lints.js';
import type { ProblemSink } from './problem-sink.js';

const lints: readonly Lint[] = [...featureLints, ...linkLints, ...listLints, ...ruleLints, neverFires];

/** Warns of what is allowed and probably not meant; only a rule set without errors is looked at. */
export function* lintRules(input: LintInput, sink: ProblemSink): Steps<void> {
  for (const lint of lints) {
    lint(input, sink);
    yield;
  }
}
