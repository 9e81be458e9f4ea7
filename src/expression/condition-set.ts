import type { Steps } from '../model/steps.js';
import type { Slots } from '../model/value.js';
import type { CheckedExpression } from './checked-expression.js';
import { compileNode } from './compile-node.js';
import { CompileUnit } from './compile-unit.js';
import { ConditionIndex } from './condition-index.js';
import type { Closure } from './functions/function-spec.js';
import { type IndexPlan, planIndex } from './index-plan.js';
import type { FindList } from './slot-index.js';

/** Many conditions compiled together: evaluating costs what the conditions cost that could be true. */
export interface ConditionSet {
  /** Visits exactly the conditions that are TRUE, in ascending order. Not to be called from within `onTrue`. */
  evaluate(slots: Slots, onTrue: (index: number) => void): void;
  /** One condition's result, for explanations; undefined is unknown. */
  resultOf(index: number, slots: Slots): boolean | undefined;
}

/** Where closures of conditions live, so that sets made later find them. For inputs whose slots never change. */
export const newCompileUnit = (): CompileUnit => new CompileUnit(compileNode);

export interface ConditionsHow {
  readonly unit?: CompileUnit | undefined;
  /** What the conditions are looked up by, where somebody has worked it out already. */
  readonly planned?: { readonly plan: IndexPlan; readonly findList: FindList } | undefined;
}

export function* conditionSet(
  conditions: readonly CheckedExpression[],
  { unit = newCompileUnit(), planned }: ConditionsHow = {},
): Steps<ConditionSet> {
  const closures: Closure[] = [];
  for (const condition of conditions) {
    closures.push(unit.closureOf(condition));
    yield;
  }
  const { plan, findList } = planned ?? (yield* planOf(conditions));
  const conditionIndex = new ConditionIndex(plan, findList);
  return {
    evaluate(slots, onTrue) {
      unit.begin();
      const found: number[] = [];
      conditionIndex.candidates(slots, (index) => {
        if (closures[index]?.(slots) === true) found.push(index);
      });
      if (found.length > 1) sortFew(found);
      for (const index of found) onTrue(index);
    },
    resultOf(index, slots) {
      unit.begin();
      const result = closures[index]?.(slots);
      return typeof result === 'boolean' ? result : undefined;
    },
  };
}

/** Few conditions are true of one event: they are in their places sooner than a general sort has begun. */
function sortFew(numbers: number[]): void {
  for (let end = 1; end < numbers.length; end++) {
    const number = numbers[end] ?? 0;
    let place = end;
    for (let before = numbers[place - 1]; before !== undefined && before > number; before = numbers[place - 1])
      numbers[place--] = before;
    numbers[place] = number;
  }
}

function* planOf(conditions: readonly CheckedExpression[]): Steps<NonNullable<ConditionsHow['planned']>> {
  const { plan, lists } = yield* planIndex(conditions);
  return { plan, findList: (name) => lists.get(name) };
}
