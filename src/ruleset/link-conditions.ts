import type { CompileUnit } from '../expression/compile-unit.js';
import { conditionSet } from '../expression/condition-set.js';
import type { Steps } from '../model/steps.js';
import type { Slots } from '../model/value.js';
import type { RuleLink } from './read-link.js';

/** The names of the links that count for an event. */
type CountingLinks = (slots: Slots) => ReadonlySet<string>;

/** Links without a condition always count; the others are looked up together, as rules are: few could count for one event. */
export function* linkConditions(links: readonly RuleLink[], unit: CompileUnit): Steps<CountingLinks> {
  const always: ReadonlySet<string> = new Set(
    links.flatMap(({ spec, when }) => (when === undefined ? [spec.name] : [])),
  );
  const named = links.flatMap(({ spec, when }) => (when === undefined ? [] : [{ name: spec.name, when }]));
  const conditions = yield* conditionSet(
    named.map(({ when }) => when),
    { unit },
  );
  return (slots) => {
    let counting: Set<string> | undefined;
    conditions.evaluate(slots, (index) => {
      counting ??= new Set(always);
      counting.add(named[index]?.name ?? '');
    });
    return counting ?? always;
  };
}
