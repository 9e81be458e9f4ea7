import type { Slots } from '../model/value.js';
import type { CheckedExpression } from './checked-expression.js';
import { compileNode } from './compile-node.js';
import { CompileUnit } from './compile-unit.js';

/** Many conditions compiled together. */
export interface ConditionSet {
  /** Visits exactly the conditions that are TRUE, in ascending order. Not to be called from within `onTrue`. */
  evaluate(slots: Slots, onTrue: (index: number) => void): void;
  /** One condition's result, for explanations; undefined is unknown. */
  resultOf(index: number, slots: Slots): boolean | undefined;
}

export function createConditionSet(conditions: readonly CheckedExpression[]): ConditionSet {
  const unit = new CompileUnit(compileNode);
  const closures = conditions.map((condition) => unit.closure(condition.ast));
  return {
    evaluate(slots, onTrue) {
      unit.begin();
      for (const [index, closure] of closures.entries()) if (closure(slots) === true) onTrue(index);
    },
    resultOf(index, slots) {
      unit.begin();
      const result = closures[index]?.(slots);
      return typeof result === 'boolean' ? result : undefined;
    },
  };
}
