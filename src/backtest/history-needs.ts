import { eventTypes } from '../model/event-type.js';
import { featureInputs } from '../model/feature.js';
import type { RuleSet } from '../ruleset/rule-set.js';

/** An input that comes from history, and what it is defined by. */
interface HistoryInput {
  readonly name: string;
  readonly slot: number;
}

/** Inputs that windows and rings give, each once; none: the rule set needs no history. */
export function historyInputs(ruleSet: RuleSet): readonly HistoryInput[] {
  const inputs = new Map<string, HistoryInput>();
  for (const { name, slot } of eventTypes.flatMap((type) => historyOf(ruleSet, type))) inputs.set(name, { name, slot });
  return [...inputs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const historyOf = (ruleSet: RuleSet, type: (typeof eventTypes)[number]): readonly HistoryInput[] => {
  const { features, rings } = ruleSet.needs(type);
  return [
    ...features.flatMap(({ spec, slot }) => featureInputs(spec).map((name, index) => ({ name, slot: slot + index }))),
    ...rings,
  ];
};

/** Does some rule read history? Counting alone is not read by anybody. */
export const readsHistory = ({ declarations, names, features }: RuleSet): boolean => {
  const counted = new Set(features.flatMap(featureInputs));
  const isHistory = (name: string): boolean => counted.has(name) || (name.startsWith('ring.') && names.includes(name));
  return declarations.some(
    ({ info, when, points, title, exceptions }) =>
      info.mode !== 'off' &&
      [when, points, title, ...exceptions.map((exception) => exception.when)].some(({ reads }) =>
        reads.some(({ name }) => isHistory(name)),
      ),
  );
};

/**
 * What history of a rule set is made of: definitions, and which event types read them. Rule sets with the same parts differ in
 * their conditions, points and policy only, and can be judged on the same history.
 */
export function historyParts(ruleSet: RuleSet): ReadonlySet<string> {
  const parts = new Set<string>();
  for (const { spec, when } of ruleSet.links) parts.add(JSON.stringify(['link', spec, when?.text ?? '']));
  for (const type of eventTypes) {
    const { features, rings } = ruleSet.needs(type);
    for (const { spec } of features) parts.add(JSON.stringify([type, spec.name, spec.id]));
    for (const { name } of rings) parts.add(JSON.stringify([type, name]));
  }
  return parts;
}

/** Can the other rule set be judged on this one's history? */
export function coversHistory(ruleSet: RuleSet, other: RuleSet): boolean {
  const own = historyParts(ruleSet);
  const linked = (set: RuleSet): number => set.links.length;
  return linked(ruleSet) === linked(other) && [...historyParts(other)].every((part) => own.has(part));
}
