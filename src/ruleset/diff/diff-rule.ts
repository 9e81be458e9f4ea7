import type { EventType } from '../../model/event-type.js';
import { outcomeRank } from '../../model/policy.js';
import type { Family, Outcome, RuleInfo } from '../../model/rule.js';
import type { Fuse, RuleDeclaration } from '../rule-declaration.js';
import { type Change, type Effect, effectOf, opposite, together } from './change.js';
import { asIs, type RulePair } from './comparison.js';
import { conditionForm, keyOf } from './condition-form.js';
import { describeCondition } from './describe-condition.js';
import { diffExceptions } from './diff-exceptions.js';
import { firingEffect } from './firing-effect.js';
import { pointsOrder } from './points-order.js';
import { knownRanges, type PointsRange, pointsRange } from './points-range.js';
import { counts, modeText, openedForm, pointsText, reach, shareOf, towards } from './rule-words.js';
import { counted, durationText, percentText } from './words.js';

type Difference = Pick<Change, 'what' | 'text' | 'effect'>;

/** What is another about one rule. */
export function diffRule(pair: RulePair): readonly Change[] {
  const { before: from, after, comparison } = pair;
  const [old, fresh] = [pointsRange(from, comparison.before.features), pointsRange(after, comparison.after.features)];
  const weight = Math.max(
    reach(from.info, old, comparison.before.policy),
    reach(after.info, fresh, comparison.after.policy),
  );
  const isRunning = counts(from.info.mode) || counts(after.info.mode);
  const direction = together(towards(from.info, old), towards(after.info, fresh));
  const found: Difference[] = [
    ...diffMode(pair, direction),
    ...[...diffCondition(pair), ...diffTypes(from.info.on, after.info.on), ...diffExceptions(pair)].map((one) => ({
      ...one,
      effect: signed(one.effect, direction),
    })),
    ...diffPoints(pair, old, fresh),
    ...diffFloor(from.info, after.info),
    ...diffCeiling(from.info, after.info),
    ...diffFamily(from.info.family, after.info.family),
    ...diffFuse(pair, direction),
    ...diffPlain(pair),
  ];
  return found.map((one) => ({
    thing: 'rule',
    name: after.info.id,
    ...one,
    effect: isRunning ? one.effect : 'none',
    weight,
  }));
}

/** `effect` is that of firing more or less often. */
function signed(effect: Effect, direction: Effect): Effect {
  if (effect === 'none' || direction === 'stricter') return effect;
  return direction === 'looser' ? opposite(effect) : 'either';
}

function diffMode({ before: from, after }: RulePair, direction: Effect): Difference[] {
  const [old, fresh] = [shareOf(from.info.mode), shareOf(after.info.mode)];
  const texts = [modeText(from.info.mode), modeText(after.info.mode)];
  if (texts[0] === texts[1]) return [];
  return [
    { what: 'mode', text: `${texts[1]} instead of ${texts[0]}`, effect: signed(effectOf(old, fresh), direction) },
  ];
}

function diffCondition(pair: RulePair): Difference[] {
  const { before: from, after, comparison } = pair;
  const { rename, nounOf, roomOf } = comparison;
  const [old, fresh] = [openedForm(from, rename), openedForm(after)];
  if (old.key === fresh.key) {
    if (renamed(from.info.when, rename) === oneLine(after.info.when)) return [];
    return [sameMeaning];
  }
  const effect = restsOnEdited(pair) ? 'either' : firingEffect(old, fresh, roomOf);
  if (effect === 'none') return [sameMeaning];
  const [closedOld, closedFresh] = [
    conditionForm(from.when, { opened: false, rename }),
    conditionForm(after.when, { opened: false, rename: asIs }),
  ];
  if (closedOld.key === closedFresh.key) {
    const through = changedPredicates(pair)
      .map((name) => `'${name}'`)
      .join(', ');
    return [{ what: 'when', text: `fires otherwise through the predicate ${through}${proven(effect)}`, effect }];
  }
  const phrases = describeCondition(closedOld, closedFresh, nounOf);
  return [{ what: 'when', text: `fires ${phrases.join('; ')}${proven(effect)}`, effect }];
}

const sameMeaning: Difference = {
  what: 'when',
  text: 'the condition is written otherwise and means the same',
  effect: 'none',
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A text of the old rules with today's names of features. */
const renamed = (text: string, rename: (name: string) => string): string =>
  oneLine(text).replace(/[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?/g, rename);

/** The predicates that the rule reads and that mean something else now. */
const changedPredicates = ({ after, comparison }: RulePair): readonly string[] =>
  after.when.predicates.filter((name) => {
    const [old, fresh] = [comparison.before.predicates.get(name), comparison.after.predicates.get(name)];
    if (old === undefined || fresh === undefined) return true;
    const closed = conditionForm(old, { opened: false, rename: comparison.rename });
    return closed.key !== conditionForm(fresh, { opened: false, rename: asIs }).key;
  });

/** What is another by now under an old name tells nothing about what it was. */
function restsOnEdited({ after: { when, points }, comparison: { edited } }: RulePair): boolean {
  const names = [when, points].flatMap(({ reads, lists }) => [
    ...reads.map(({ name }) => name),
    ...lists.map((name) => `lists.${name}`),
  ]);
  return names.some((name) => edited.has(name));
}

const proven = (effect: Effect): string => {
  if (effect === 'stricter') return ': on all it fired on, and on more';
  return effect === 'looser' ? ': never where it did not fire before' : '';
};

function diffTypes(old: readonly EventType[], fresh: readonly EventType[]): Difference[] {
  const added = fresh.filter((type) => !old.includes(type));
  const removed = old.filter((type) => !fresh.includes(type));
  return [
    ...(added.length > 0 ? [{ what: 'on', text: `now also on ${added.join(', ')}`, effect: 'stricter' as const }] : []),
    ...(removed.length > 0
      ? [{ what: 'on', text: `no longer on ${removed.join(', ')}`, effect: 'looser' as const }]
      : []),
  ];
}

function diffPoints(pair: RulePair, old: PointsRange, fresh: PointsRange): Difference[] {
  const { before: from, after, comparison } = pair;
  const [oldKey, key] = [
    keyOf(from.points.ast, { opened: true, rename: comparison.rename }),
    keyOf(after.points.ast, { opened: true, rename: asIs }),
  ];
  const sameMost = from.info.pointsMax === after.info.pointsMax;
  if (oldKey === key && sameMost) return [];
  const text = `${pointsText(after, fresh)}, instead of ${pointsText(from, old)}`;
  if (oldKey === key)
    return [{ what: 'points_max', text, effect: effectOf(from.info.pointsMax, after.info.pointsMax) }];
  const ranges = knownRanges([from, after], comparison.after.features);
  const effect = sameMost && !restsOnEdited(pair) ? pointsOrder(from.points, after.points, ranges) : 'either';
  return [{ what: 'points', text, effect }];
}

function diffFloor(old: RuleInfo, fresh: RuleInfo): Difference[] {
  const [from, to]: [Outcome, Outcome] = [old.atLeast ?? 'allow', fresh.atLeast ?? 'allow'];
  if (from === to) return [];
  const word = (outcome: string): string => (outcome === 'allow' ? 'no floor' : `at least ${outcome}`);
  return [
    {
      what: 'at_least',
      text: `${word(to)} instead of ${word(from)}`,
      effect: effectOf(outcomeRank[from], outcomeRank[to]),
    },
  ];
}

function diffCeiling(old: RuleInfo, fresh: RuleInfo): Difference[] {
  const [from, to]: [Outcome, Outcome] = [old.atMost ?? 'deny', fresh.atMost ?? 'deny'];
  if (from === to) return [];
  const word = (outcome: string): string => (outcome === 'deny' ? 'no ceiling' : `at most ${outcome}`);
  return [
    {
      what: 'at_most',
      text: `${word(to)} instead of ${word(from)}`,
      effect: effectOf(outcomeRank[from], outcomeRank[to]),
    },
  ];
}

const diffFamily = (old: Family, fresh: Family): Difference[] =>
  old === fresh
    ? []
    : [{ what: 'family', text: `evidence of the family ${fresh} instead of ${old}: another cap`, effect: 'either' }];

/** The later a fuse blows, the longer its rule fires; over another time it is another measure. */
function fuseEffect(old: Fuse | undefined, fresh: Fuse | undefined): Effect {
  if (old === undefined) return 'looser';
  if (fresh === undefined) return 'stricter';
  if (old.overMs !== fresh.overMs) return 'either';
  return together(effectOf(old.share, fresh.share), effectOf(old.min, fresh.min));
}

function diffFuse({ before: from, after }: RulePair, direction: Effect): Difference[] {
  const text = ({ fuse }: RuleDeclaration): string =>
    fuse === undefined
      ? 'no fuse'
      : `a fuse at ${percentText(fuse.share)}, from ${fuse.min} hits in ${durationText(fuse.overMs)}`;
  if (text(from) === text(after)) return [];
  const effect = fuseEffect(from.fuse, after.fuse);
  return [{ what: 'fuse', text: `${text(after)} instead of ${text(from)}`, effect: signed(effect, direction) }];
}

/** What is told and who answers for it: no outcome depends on these. */
function diffPlain({ before, after: { info, tests }, comparison }: RulePair): Difference[] {
  const { info: old, tests: oldTests } = before;
  const list = (items: readonly string[]): string => (items.length === 0 ? 'nothing' : items.join(', '));
  const rows: readonly (readonly [what: string, from: string, to: string])[] = [
    ['verify', list(old.verify), list(info.verify)],
    ['reason', old.reason, info.reason],
    ['title', renamed(old.title, comparison.rename), oneLine(info.title)],
    ['owner', old.owner, info.owner],
    ['file', old.file, info.file],
    ['tests', counted(oldTests.length, 'test'), counted(tests.length, 'test')],
  ];
  return rows.flatMap(([what, from, to]) =>
    from === to
      ? []
      : [{ what, text: `${what} ${quoted(what, to)} instead of ${quoted(what, from)}`, effect: 'none' as const }],
  );
}

const quoted = (what: string, text: string): string => (what === 'title' ? JSON.stringify(text) : text);
