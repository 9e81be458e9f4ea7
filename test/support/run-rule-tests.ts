import type { Instant } from '../../src/model/time.js';
import { type Coverage, CoverageTally } from '../../src/ruleset/coverage-tally.js';
import type { RuleSet } from '../../src/ruleset/rule-set.js';
import { runInlineTests, type TestReport } from '../../src/ruleset/run-inline-tests.js';

export interface TestRun extends Coverage {
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly TestReport[];
}

/** The tests that stand in the rules, and what they cover. */
export function runRuleTests(ruleSet: RuleSet, now: Instant): TestRun {
  const tally = new CoverageTally();
  const tests = runInlineTests({ ruleSet, now, tally });
  const failed = tests.filter(({ ok }) => !ok).length;
  return { passed: tests.length - failed, failed, tests, ...tally.report() };
}
