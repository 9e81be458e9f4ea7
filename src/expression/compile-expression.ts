import type { Reading, Slots } from '../model/value.js';
import type { CheckedExpression } from './checked-expression.js';
import { compileNode } from './compile-node.js';
import { CompileUnit } from './compile-unit.js';

export interface CompiledExpression {
  /** A boolean is true, false, or unknown: `undefined`, or the reason why an input was unavailable. Never throws. */
  evaluate(slots: Slots): Reading;
}

/** Closures over a flat slot array; nothing is looked up by name at run time. */
export function compileExpression(expression: CheckedExpression): CompiledExpression {
  const unit = new CompileUnit(compileNode);
  const closure = unit.closure(expression.ast);
  return {
    evaluate(slots) {
      unit.begin();
      return closure(slots);
    },
  };
}
