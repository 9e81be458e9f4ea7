import type { CoverageTally } from '../ruleset/coverage-tally.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { runSequence, type SequenceRun } from '../sequences/run-sequence.js';
import type { SequenceTest } from '../sequences/sequence-test.js';
import { complain, type Environment } from './command-arguments.js';
import { TestWorlds } from './rules-test-worlds.js';

export interface SequencesInput {
  readonly files: ReadonlyMap<string, string>;
  readonly ruleSet: RuleSet;
  readonly now: number;
  readonly tally: CoverageTally;
  readonly environment: Environment;
}

/** A test that was run, and how long that took. */
export interface TimedRun extends SequenceRun {
  readonly test: SequenceTest;
  readonly ms: number;
}

/** One test after the other; undefined when there is no IP data to run them on, which is told. */
export async function runSequences(
  tests: readonly SequenceTest[],
  input: SequencesInput,
): Promise<readonly TimedRun[] | undefined> {
  const worlds = await TestWorlds.open(input, input.environment, complain);
  if (worlds === undefined) return undefined;
  const runs: TimedRun[] = [];
  for (const test of tests) {
    const started = performance.now();
    const done = await runSequence(test, { ...worlds.worldOf(test), tally: input.tally });
    runs.push({ ...done, test, ms: performance.now() - started });
  }
  return runs;
}
