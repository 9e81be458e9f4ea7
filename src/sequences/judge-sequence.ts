import { type Instant, toIso } from '../model/time.js';
import { isKnown, type Value } from '../model/value.js';
import type { Flip } from '../ruleset/find-flip.js';
import { findFlip } from '../ruleset/find-flip.js';
import { inputRooms } from '../ruleset/lints/input-rooms.js';
import type { RuleResult } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { LeafReport } from '../ruleset/rule-trial.js';
import { NumberCheck } from './number-check.js';
import { type PlayedEvent, type PlayedTest, type StateChange, stateAt } from './played-test.js';
import type { RuleTrials } from './rule-trials.js';
import type { Expectation, NamedRule, SequenceTest } from './sequence-test.js';

/** One thing that came out otherwise. */
export interface SequenceDifference {
  readonly what: 'rule' | 'outcome' | 'score' | 'verify' | 'state' | 'reason' | 'value' | 'step';
  /** The rule, code or input. */
  readonly name?: string;
  readonly expected: string;
  readonly got: string;
  readonly leaves?: readonly LeafReport[];
  readonly flip?: readonly Flip[];
}

/** What differs at one event; 0 = before any, the test could not be played as written. */
export interface EventDifference {
  readonly event: number;
  readonly line: number;
  readonly at?: string;
  readonly type?: string;
  readonly account_id?: string;
  readonly differences: readonly SequenceDifference[];
}

/** Empty when all came out as expected. */
export function judgeSequence(test: SequenceTest, played: PlayedTest, trials: RuleTrials): readonly EventDifference[] {
  const stuck = played.problems.map(({ step: { place }, message }) => ({
    event: 0,
    line: place.file.place(place).line,
    differences: [{ what: 'step' as const, expected: 'every step to be possible', got: message }],
  }));
  const found = test.expectations.flatMap((expectation) =>
    expectation.events.flatMap((number) => {
      const event = played.events.get(number);
      return event === undefined ? [] : (differencesAt(event, expectation, { played, trials }) ?? []);
    }),
  );
  return [...stuck, ...found];
}

interface Judging {
  readonly played: PlayedTest;
  readonly trials: RuleTrials;
}

function differencesAt(event: PlayedEvent, expectation: Expectation, judging: Judging): EventDifference | undefined {
  const differences = [
    ...ruleDifferences(event, expectation, judging.trials),
    ...decisionDifferences(event, expectation),
    ...stateDifference(event, expectation, judging.played),
    ...valueDifferences(event, expectation, judging.trials.ruleSet),
  ];
  if (differences.length === 0) return undefined;
  const { place } = expectation;
  const { decision, step } = event;
  return {
    event: step.number,
    line: place.file.place(place).line,
    at: decision.decided_at,
    type: event.type,
    account_id: event.event.account.id,
    differences,
  };
}

/** `counts`: fires, and not in shadow only. */
type Expected = RuleResult | 'counts' | 'not to fire';

function ruleDifferences(event: PlayedEvent, expectation: Expectation, trials: RuleTrials): SequenceDifference[] {
  const { fires, fired, notFired, quiet, unknown } = expectation;
  const each = (rules: readonly NamedRule[], expected: Expected) =>
    rules.flatMap(({ id }) => ruleDifference(event, id, expected, trials) ?? []);
  const named = new Set([...(fired ?? []), ...fires, ...notFired, ...quiet, ...unknown].map(({ id }) => id));
  const surplus = fired === undefined ? [] : [...event.live].filter((id) => !named.has(id));
  return [
    ...each(fires, 'fires'),
    ...each(fired ?? [], 'counts'),
    ...surplus.flatMap((id) => ruleDifference(event, id, 'not to fire', trials) ?? []),
    ...each(notFired, 'not to fire'),
    ...each(quiet, 'quiet'),
    ...each(unknown, 'unknown'),
  ];
}

function ruleDifference(
  event: PlayedEvent,
  id: string,
  expected: Expected,
  trials: RuleTrials,
): SequenceDifference | undefined {
  const seen = trials.resultOf(id, event);
  const onlyInShadow = expected === 'counts' && seen.result === 'fires' && !event.live.has(id);
  const wanted = expected === 'counts' ? 'fires' : expected;
  if (!onlyInShadow && (seen.result === wanted || (expected === 'not to fire' && seen.result !== 'fires')))
    return undefined;
  const got = seen.note ?? (onlyInShadow ? 'fires in shadow only' : seen.result);
  const difference = { what: 'rule' as const, name: id, expected: wanted, got };
  if (onlyInShadow) return difference;
  if (seen.trial === undefined) return difference;
  const flip = findFlip(seen.trial, event.slots, inputRooms(trials.ruleSet.features, seen.trial.declaration.info.on));
  const told = { ...difference, leaves: seen.trial.leaves(event.slots) };
  return flip === undefined ? told : { ...told, flip };
}

function decisionDifferences({ decision }: PlayedEvent, expectation: Expectation): SequenceDifference[] {
  const { outcome, score, reasons, verify } = expectation;
  const differences: SequenceDifference[] = [];
  const points = decision.reasons.map((reason) => `${reason.rule} ${reason.points}`).join(', ');
  const because = points === '' ? 'no rule counted' : points;
  if (outcome !== undefined && outcome !== decision.outcome)
    differences.push({
      what: 'outcome',
      expected: outcome,
      got: `${decision.outcome} (score ${decision.score}: ${because})`,
    });
  if (score !== undefined && !score.holds(decision.score))
    differences.push({ what: 'score', expected: score.text, got: `${decision.score} (${because})` });
  if (verify !== undefined && [...verify].sort().join() !== [...decision.verify].sort().join())
    differences.push({ what: 'verify', expected: listed(verify), got: listed(decision.verify) });
  const codes = new Set(decision.reasons.map(({ code }) => code));
  if (reasons?.length === 0 && codes.size > 0)
    differences.push({ what: 'reason', expected: 'none', got: listed([...codes]) });
  for (const code of reasons ?? [])
    if (!codes.has(code)) differences.push({ what: 'reason', name: code, expected: 'given', got: listed([...codes]) });
  return differences;
}

function stateDifference(
  event: PlayedEvent,
  { state, afterMs, by }: Expectation,
  played: PlayedTest,
): SequenceDifference[] {
  if (state === undefined) return [];
  const until: Instant = afterMs === undefined ? Number.POSITIVE_INFINITY : event.step.at + afterMs;
  const found = stateAt(played, event.event.account.id, until);
  if (found?.state === state && (by === undefined || found.cause === by)) return [];
  const expected = by === undefined ? state : `${state} by ${by}`;
  return [{ what: 'state', expected, got: found === undefined ? 'unknown' : stateText(found) }];
}

const stateText = ({ state, at, cause, event }: StateChange): string =>
  `${state} since ${toIso(at)} by ${event === undefined ? cause : `the decision on event ${event}`}`;

const listed = (names: readonly string[]): string => names.join(', ') || 'none';

function valueDifferences({ slots }: PlayedEvent, { values }: Expectation, ruleSet: RuleSet): SequenceDifference[] {
  return [...values].flatMap(([name, check]) => {
    const reading = slots[ruleSet.slotOf(name) ?? -1];
    const value: Value | null = isKnown(reading) ? reading : null;
    const holds = check instanceof NumberCheck ? typeof value === 'number' && check.holds(value) : check === value;
    if (holds) return [];
    const expected = check instanceof NumberCheck ? check.text : String(check ?? 'missing');
    return [{ what: 'value' as const, name, expected, got: String(value ?? 'missing') }];
  });
}
