import type { Instant } from '../model/time.js';
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

interface RunWith {
  readonly stage: Stage;
  readonly trials: RuleTrials;
  readonly tally: CoverageTally;
  /** Does all that is due after the last event, even where the test asks for nothing of it. */
  readonly toTheEnd?: boolean | undefined;
}

/** Plays one test in a world of its own and says what differs. */
export async function runSequence(
  test: SequenceTest,
  { stage, trials, tally, toTheEnd }: RunWith,
): Promise<SequenceRun> {
  const played = await playSequence(test, stage, toTheEnd === true ? Number.POSITIVE_INFINITY : lastAsked(test));
  countCoverage(played, trials, tally);
  const events = judgeSequence(test, played, trials);
  const { file, start, end } = test.at;
  const report = { name: test.name, file: file.path, line: file.place({ start, end }).line, ok: events.length === 0 };
  return { report: events.length === 0 ? report : { ...report, diff: { events } }, played };
}

/** The last time at which the test wants to know a state: accounts are judged again for a day after their last event. */
function lastAsked({ steps, expectations }: SequenceTest): Instant {
  const times = new Map(steps.flatMap((step) => (step.kind === 'event' ? [[step.number, step.at]] : [])));
  return expectations.reduce((last, { state, afterMs = Number.POSITIVE_INFINITY, events }) => {
    if (state === undefined) return last;
    return Math.max(last, ...events.map((number) => (times.get(number) ?? 0) + afterMs));
  }, Number.NEGATIVE_INFINITY);
}

function countCoverage(played: PlayedTest, trials: RuleTrials, tally: CoverageTally): void {
  for (const event of played.events.values())
    for (const { info } of trials.lookedAt(event)) {
      const { result, trial } = trials.resultOf(info.id, event);
      if (result !== 'not_asked') tally.see(trial, event.slots, result);
    }
}
