import { featureInputs } from '../../model/feature.js';
import type { RuleInfo } from '../../model/rule.js';
import { claimOf } from './claim.js';
import { crowdSignals } from './crowd-signals.js';
import { inputRooms } from './input-rooms.js';
import { isLive } from './is-live.js';
import type { Lint } from './lint.js';
import { negatedOptional } from './negation-lint.js';
import { implies, isNever } from './prove.js';
import { givenPlaces, placesOf, sitesOf } from './sites.js';

const untested: Lint = ({ ruleSet }, sink) => {
  for (const { info, tests, at } of ruleSet.declarations.filter(isLive)) {
    const fires = tests.some(({ expect }) => expect === 'fires');
    const other = tests.some(({ expect }) => expect !== 'fires');
    if (fires && other) continue;
    const lacking = fires
      ? 'one that does not fire'
      : other
        ? 'one that fires'
        : 'one that fires and one that does not';
    sink.warn('W009', at, `the live rule has no test: ${lacking}`, { rule: info.id });
  }
};

const weakAlone: Lint = (input, sink) => {
  const { ruleSet } = input;
  const place = placesOf(input, 'at_least', 'points');
  for (const rule of ruleSet.declarations.filter(isLive)) {
    const { info } = rule;
    if (info.family !== 'network' && info.family !== 'email') continue;
    if (reachesHoldAlone(info, ruleSet.policy.thresholds.hold, ruleSet.policy))
      sink.warn(
        'W005',
        place(rule),
        `a rule of the family '${info.family}' alone reaches ${info.atLeast === 'deny' ? 'deny' : 'hold'}`,
        {
          rule: info.id,
          hint: 'networks and mailboxes are shared by honest people: fewer points, or limit',
        },
      );
  }
};

function reachesHoldAlone(
  info: RuleInfo,
  hold: number,
  policy: { familyCaps: Readonly<Partial<Record<string, number>>>; holdNeedsFamilies: number },
): boolean {
  if (info.atLeast === 'hold' || info.atLeast === 'deny') return true;
  const points = Number(info.points);
  return (
    policy.holdNeedsFamilies <= 1 &&
    Number.isFinite(points) &&
    Math.min(points, policy.familyCaps[info.family] ?? 100) >= hold
  );
}

/** A campus, an office or a carrier's translator shares the key: one bad account would hold them all. */
const crowdHold: Lint = (input, sink) => {
  const { ruleSet } = input;
  const place = placesOf(input, 'at_least');
  const crowded = new Map(
    ruleSet.features
      .filter(({ by }) => by.length > 0 && by.every((name) => crowdSignals.has(name)))
      .flatMap((spec) => featureInputs(spec).map((name) => [name, spec.by] as const)),
  );
  for (const rule of ruleSet.declarations.filter(isLive)) {
    const { info, when } = rule;
    if (info.atLeast !== 'hold' && info.atLeast !== 'deny') continue;
    if (when.reads.some(({ name }) => !crowded.has(name) && !crowdSignals.has(name))) continue;
    const key = when.reads.flatMap(({ name }) => crowded.get(name) ?? [])[0];
    if (key !== undefined)
      sink.warn(
        'W006',
        place(rule),
        `'${key}' is shared by crowds, and the rule ${info.atLeast === 'deny' ? 'denies' : 'holds'} by it alone`,
        {
          rule: info.id,
          hint: 'at_least: limit, or a second kind of evidence in the condition',
        },
      );
  }
};

const exceptionWithoutEffect: Lint = ({ ruleSet }, sink) => {
  for (const { info, when, exceptions } of ruleSet.declarations)
    for (const { when: except, at } of exceptions) {
      const roomOf = inputRooms(ruleSet.features);
      const [mine, theirs] = [claimOf(when.ast, true), claimOf(except.ast, true)];
      if (except.reads.length === 0) sink.warn('W010', at, 'the exception reads nothing', { rule: info.id });
      else if (implies(mine, theirs, roomOf))
        sink.warn('W010', at, 'the exception is true wherever the rule is: it never fires', { rule: info.id });
      else if (
        !isNever(mine, roomOf) &&
        !isNever(theirs, roomOf) &&
        isNever({ kind: 'all', parts: [mine, theirs] }, roomOf)
      )
        sink.warn('W010', at, 'the exception is never true where the rule fires', { rule: info.id });
    }
};

const constant: Lint = (input, sink) => {
  for (const { rule, expression, place, isCondition } of sitesOf(input))
    if (rule !== undefined && isCondition && expression.reads.length === 0)
      sink.warn('W016', place(expression.ast), 'the condition reads nothing: it is the same for every event', {
        rule: rule.info.id,
      });
};

const givenUnread: Lint = (input, sink) => {
  const place = givenPlaces(input);
  for (const rule of input.ruleSet.declarations) {
    const { info, when, points, exceptions, tests } = rule;
    const excepted = exceptions.flatMap((exception) => exception.when.reads);
    const read = new Set([...when.reads, ...points.reads, ...excepted].map(({ name }) => name));
    for (const [index, { given, at }] of tests.entries())
      for (const name of given.keys())
        if (!read.has(name))
          sink.warn('W014', place(rule, index, name) ?? at, `the test gives '${name}', which the rule does not read`, {
            rule: info.id,
          });
  }
};

export const ruleLints: readonly Lint[] = [
  untested,
  weakAlone,
  crowdHold,
  exceptionWithoutEffect,
  constant,
  givenUnread,
  negatedOptional,
];
