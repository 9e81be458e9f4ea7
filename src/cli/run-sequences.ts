import type { CoverageTally } from '../ruleset/coverage-tally.js';
import { runSequence, type SequenceRun } from '../sequences/run-sequence.js';
import type { SequenceTest } from '../sequences/sequence-test.js';
import { TestWorlds, type WorldParts } from './rules-test-worlds.js';

export { openTestData } from './rules-test-worlds.js';

export interface SequencesInput extends WorldParts {
  readonly tally: CoverageTally;
  /** For recording: what comes of a test is known only when nothing more is due. */
  readonly toTheEnd?: boolean | undefined;
}

/** A test that was run, and how long that took. */
export interface TimedRun extends SequenceRun {
  readonly test: SequenceTest;
  readonly ms: number;
}

/** One test after the other. */
export async function runSequences(
  tests: readonly SequenceTest[],
  input: SequencesInput,
): Promise<readonly TimedRun[]> {
  const worlds = new TestWorlds(input);
  const runs: TimedRun[] = [];
  for (const test of tests) {
    const started = performance.now();
    const done = await runSequence(test, { ...worlds.worldOf(test), tally: input.tally, toTheEnd: input.toTheEnd });
    runs.push({ ...done, test, ms: performance.now() - started });
  }
  return runs;
}
