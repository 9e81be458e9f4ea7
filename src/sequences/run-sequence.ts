import type { CoverageTally } from '../ruleset/coverage-tally.js';
import { type EventDifference, judgeSequence } from './judge-sequence.js';
import { playSequence, type Stage } from './play-sequence.js';
import type { PlayedTest } from './played-test.js';
import type { RuleTrials } from './rule-trials.js';
import type { SequenceTest } from './sequence-test.js';

/** How one sequence test came out. */
export interface SequenceReport {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly ok: boolean;
  readonly diff?: { readonly events: readonly EventDifference[] };
}

export interface SequenceRun {
  readonly report: SequenceReport;
  readonly played: PlayedTest;
}

export interface RunWith {
  readonly stage: Stage;
  readonly trials: RuleTrials;
  readonly tally: CoverageTally;
}

/** Plays one test in a world of its own and says what differs. */
export async function runSequence(test: SequenceTest, { stage, trials, tally }: RunWith): Promise<SequenceRun> {
  const played = await playSequence(test, stage);
  countCoverage(played, trials, tally);
  const events = judgeSequence(test, played, trials);
  const { file, start, end } = test.at;
  const report = { name: test.name, file: file.path, line: file.place({ start, end }).line, ok: events.length === 0 };
  return { report: events.length === 0 ? report : { ...report, diff: { events } }, played };
}

function countCoverage(played: PlayedTest, trials: RuleTrials, tally: CoverageTally): void {
  for (const event of played.events.values())
    for (const { info } of trials.lookedAt(event)) {
      const { result, trial } = trials.resultOf(info.id, event);
      if (trial !== undefined) tally.see(trial, event.slots, result);
    }
}
