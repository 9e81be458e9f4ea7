import { finishSteps, type Steps } from '../model/steps.js';
import type { Slots } from '../model/value.js';
import type { CheckedExpression } from './checked-expression.js';
import { compileNode } from './compile-node.js';
import { CompileUnit } from './compile-unit.js';
import { ConditionIndex } from './condition-index.js';
import type { Closure } from './functions/function-spec.js';

/** Many conditions compiled together: evaluating costs what the conditions cost that could be true. */
export interface ConditionSet {
  /** Visits exactly the conditions that are TRUE, in ascending order. Not to be called from within `onTrue`. */
  evaluate(slots: Slots, onTrue: (index: number) => void): void;
  /** One condition's result, for explanations; undefined is unknown. */
  resultOf(index: number, slots: Slots): boolean | undefined;
}

export const createConditionSet = (conditions: readonly CheckedExpression[]): ConditionSet =>
  finishSteps(conditionSet(conditions));

/** Where closures of conditions live, so that sets made later find them. For inputs whose slots never change. */
export const newCompileUnit = (): CompileUnit => new CompileUnit(compileNode);

export function* conditionSet(
  conditions: readonly CheckedExpression[],
  unit: CompileUnit = newCompileUnit(),
): Steps<ConditionSet> {
  const closures: Closure[] = [];
  for (const condition of conditions) {
    closures.push(unit.closureOf(condition));
    yield;
  }
  const conditionIndex = yield* ConditionIndex.build(conditions);
  return {
    evaluate(slots, onTrue) {
      unit.begin();
      const found: number[] = [];
      conditionIndex.candidates(slots, (index) => {
        if (closures[index]?.(slots) === true) found.push(index);
      });
      if (found.length > 1) found.sort((a, b) => a - b);
      for (const index of found) onTrue(index);
    },
    resultOf(index, slots) {
      unit.begin();
      const result = closures[index]?.(slots);
      return typeof result === 'boolean' ? result : undefined;
    },
  };
}
