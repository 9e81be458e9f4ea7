import { featureInputs } from '../../model/feature.js';
import { inputRooms } from '../lints/input-rooms.js';
import { anyValue } from '../lints/room.js';
import type { RuleSet } from '../rule-set.js';
import { byEffect, type Change } from './change.js';
import { asIs, type Comparison } from './comparison.js';
import { conditionForm } from './condition-form.js';
import { describeCondition } from './describe-condition.js';
import { diffFeatures, diffLinks, renamedFeatures } from './diff-features.js';
import { diffLists, type RuleTexts } from './diff-lists.js';
import { diffPolicy } from './diff-policy.js';
import { diffRules } from './diff-rules.js';
import type { RoomOfKey } from './find-counterexample.js';
import { firingEffect } from './firing-effect.js';
import { counted, nounOf } from './words.js';

/** A rule set with the texts it was made of. */
export interface RuleSetSide {
  readonly ruleSet: RuleSet;
  readonly files: RuleTexts;
}

/** What changes from one rule set to another, in words; what can hold more people comes first. */
export function diffRuleSets(before: RuleSetSide, after: RuleSetSide, now: number): readonly Change[] {
  const comparison = comparisonOf(before, after, now);
  return [
    ...diffPolicy(before.ruleSet.policy, after.ruleSet.policy),
    ...diffRules(comparison),
    ...diffPredicates(comparison),
    ...diffFeatures(before.ruleSet, after.ruleSet),
    ...diffLinks(before.ruleSet, after.ruleSet),
    ...diffLists(before, after),
    ...diffReasons(before.ruleSet, after.ruleSet),
  ].sort(byEffect);
}

function comparisonOf(old: RuleSetSide, fresh: RuleSetSide, now: number): Comparison {
  const [before, after] = [old.ruleSet, fresh.ruleSet];
  const inputs = renamedInputs(before, after);
  const nouns = new Map(after.features.map((spec) => [spec.name, nounOf(spec)]));
  return {
    before,
    after,
    rename: (name) => inputs.get(name) ?? name,
    nounOf: (name) => nouns.get(name) ?? '',
    roomOf: roomsIn(after),
    edited: new Set([...editedInputs(before, after), ...editedLists(old, fresh)]),
    now,
  };
}

/** What is no input, but calculated, can be anything. */
function roomsIn({ scope, features }: RuleSet): RoomOfKey {
  const roomOf = inputRooms(features);
  return (key) => {
    const input = scope.input(key);
    return input === undefined ? anyValue : roomOf(input);
  };
}

function renamedInputs(before: RuleSet, after: RuleSet): ReadonlyMap<string, string> {
  const features = renamedFeatures(before, after);
  return new Map(
    before.features.flatMap((spec) => {
      const to = features.get(spec.name);
      if (to === undefined) return [];
      const renamed = featureInputs({ ...spec, name: to });
      return featureInputs(spec).map((name, index): [string, string] => [name, renamed[index] ?? name]);
    }),
  );
}

function editedInputs(before: RuleSet, after: RuleSet): readonly string[] {
  const ids = new Map(before.features.map(({ name, id }) => [name, id]));
  return after.features.filter(({ name, id }) => ids.has(name) && ids.get(name) !== id).flatMap(featureInputs);
}

const editedLists = (old: RuleSetSide, fresh: RuleSetSide): readonly string[] =>
  diffLists(old, fresh).map(({ name }) => `lists.${name}`);

/** What a predicate does to people is told with the rules that read it. */
function diffPredicates({ before, after, rename, nounOf: noun, roomOf }: Comparison): readonly Change[] {
  const change = (name: string, what: string, text: string): Change => ({
    thing: 'predicate',
    name,
    what,
    text,
    effect: 'none',
    weight: 0,
  });
  const come = [...after.predicates].flatMap(([name, expression]) => {
    const old = before.predicates.get(name);
    const fresh = conditionForm(expression, { opened: false, rename: asIs });
    if (old === undefined) return [change(name, 'added', `\`${fresh.text}\``)];
    const earlier = conditionForm(old, { opened: false, rename });
    if (earlier.key === fresh.key) return [];
    const effect = firingEffect(earlier, fresh, roomOf);
    if (effect === 'none') return [change(name, 'edited', 'written otherwise, and means the same')];
    const side = effect === 'stricter' ? ': true more often' : effect === 'looser' ? ': true less often' : '';
    const readers = after.declarations.filter(({ when }) => when.predicates.includes(name)).length;
    const text = `true ${describeCondition(earlier, fresh, noun).join('; ')}${side} (read by ${counted(readers, 'rule')})`;
    return [change(name, 'edited', text)];
  });
  const gone = [...before.predicates.keys()].filter((name) => !after.predicates.has(name));
  return [...come, ...gone.map((name) => change(name, 'removed', 'no longer declared'))];
}

function diffReasons(before: RuleSet, after: RuleSet): readonly Change[] {
  const change = (name: string, what: string, text: string): Change => ({
    thing: 'reason',
    name,
    what,
    text,
    effect: 'none',
    weight: 0,
  });
  const come = [...after.reasons].flatMap(([code, { title, public: told }]) => {
    const old = before.reasons.get(code);
    if (old === undefined) return [change(code, 'added', `"${title}", people are told ${told}`)];
    return [
      ...(old.title === title ? [] : [change(code, 'title', `"${title}" instead of "${old.title}"`)]),
      ...(old.public === told ? [] : [change(code, 'public', `people are told ${told} instead of ${old.public}`)]),
    ];
  });
  const gone = [...before.reasons.keys()].filter((code) => !after.reasons.has(code));
  return [...come, ...gone.map((code) => change(code, 'removed', 'no longer registered'))];
}
