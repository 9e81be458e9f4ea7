import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../../src/expression/compile-expression.js';
import { createConditionSet } from '../../../src/expression/condition-set.js';
import { conditionText, predicates, slotValues } from '../../support/expression-arbitraries.js';
import { check, testScope } from '../../support/expression-scope.js';
import { interpret } from '../../support/reference-interpreter.js';

const scope = testScope(predicates);

describe('Compiled expressions', () => {
  it('give what the reference interpreter gives', () => {
    fc.assert(
      fc.property(conditionText, fc.array(slotValues, { minLength: 1, maxLength: 8 }), (text, events) => {
        const expression = check(text, scope);
        const compiled = compileExpression(expression);
        for (const slots of events) expect(compiled.evaluate(slots)).toEqual(interpret(expression.ast, slots));
      }),
      { numRuns: 2000 },
    );
  });

  it('are all found by the index of a set when they are true, and no others', () => {
    const sets = fc.array(conditionText, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sets, fc.array(slotValues, { minLength: 1, maxLength: 8 }), (texts, events) => {
        const expressions = texts.map((text) => check(text, scope));
        const set = createConditionSet(expressions);
        for (const slots of events) {
          const found: number[] = [];
          set.evaluate(slots, (index) => found.push(index));
          const expected = expressions.flatMap(({ ast }, index) => (interpret(ast, slots) === true ? [index] : []));
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});
