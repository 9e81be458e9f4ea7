import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import type { Flip } from './find-flip.js';
import { findFlip } from './find-flip.js';
import type { RuleResult, RuleTest } from './rule-declaration.js';
import type { RuleSet } from './rule-set.js';
import { type LeafReport, RuleTrial } from './rule-trial.js';

/** What differs, and what in the rule's condition made it so. */
export interface TestDifference {
  readonly expected: RuleResult;
  readonly got: RuleResult;
  readonly leaves: readonly LeafReport[];
  /** The smallest change of a given value that would have turned the rule. */
  readonly flip?: readonly Flip[];
}

export interface TestReport {
  readonly name: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly ok: boolean;
  readonly diff?: TestDifference;
}

/** How many tests saw each result, and how many leaves of the condition some test turns on. */
export interface RuleCoverage {
  fires: number;
  quiet: number;
  unknown: number;
  leaves_decisive: number;
  leaves: number;
}

export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly TestReport[];
  readonly coverage: Readonly<Record<string, RuleCoverage>>;
  /** Leaves that no test turns on, by rule. */
  readonly uncovered: Readonly<Record<string, readonly string[]>>;
}

/** Runs the tests that stand in the rules; nothing is shared between two of them. */
export function runRuleTests(ruleSet: RuleSet, now: Instant): TestRun {
  const tests: TestReport[] = [];
  const coverage: Record<string, RuleCoverage> = {};
  const uncovered: Record<string, readonly string[]> = {};
  for (const declaration of ruleSet.declarations) {
    const trial = new RuleTrial(declaration, now);
    const decisive = new Set<number>();
    const seen = { fires: 0, quiet: 0, unknown: 0 };
    for (const test of declaration.tests) {
      const slots = givenSlots(ruleSet, test.given);
      seen[trial.result(slots)]++;
      for (const index of trial.decisiveLeaves(slots)) decisive.add(index);
      tests.push(reportOf(test, trial, slots));
    }
    const { leaves } = trial.tree;
    const { id } = declaration.info;
    coverage[id] = { ...seen, leaves_decisive: decisive.size, leaves: leaves.length };
    uncovered[id] = leaves.flatMap(({ text }, index) => (decisive.has(index) ? [] : [text]));
  }
  const failed = tests.filter(({ ok }) => !ok).length;
  return { passed: tests.length - failed, failed, tests, coverage, uncovered };
}

/** Slots that hold what is given; everything else is absent. */
export function givenSlots(ruleSet: RuleSet, given: RuleTest['given']): Slots {
  const slots = ruleSet.newSlots();
  for (const [name, reading] of given) {
    const slot = ruleSet.slotOf(name);
    if (slot !== undefined) slots[slot] = reading;
  }
  return slots;
}

function reportOf(test: RuleTest, trial: RuleTrial, slots: Slots): TestReport {
  const got = trial.result(slots);
  const ok = got === test.expect;
  const { id } = trial.declaration.info;
  const { file, start, end } = test.at;
  const report = { name: test.name, rule: id, file: file.path, line: file.place({ start, end }).line, ok };
  if (ok) return report;
  const flip = findFlip(trial, slots);
  const diff = { expected: test.expect, got, leaves: trial.leaves(slots) };
  return { ...report, diff: flip === undefined ? diff : { ...diff, flip } };
}
