import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkExpression } from '../../../src/expression/check-expression.js';
import { compileExpression } from '../../../src/expression/compile-expression.js';
import { conditionSet } from '../../../src/expression/condition-set.js';
import { functionRegistry } from '../../../src/expression/functions/registry.js';
import { Unavailable } from '../../../src/model/value.js';
import { compareWorld, noComparison } from '../../support/expression/compare-world.js';
import { printExpression } from '../../support/expression/print-expression.js';
import { randomExpression } from '../../support/expression/random-expression.js';
import { randomSource } from '../../support/expression/random-source.js';

const product = { checkExpression, compileExpression, conditionSet, Unavailable };

/** The same with a million pairs: node bench/expression-differential.mjs */
describe('Expressions', () => {
  it('mean the same to the compiler, the index of a set, a plain interpreter and a CEL library', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const comparison = noComparison();
        compareWorld(product, seed, comparison);
        expect(comparison.differences).toEqual([]);
        expect(comparison.pairs).toBe(200);
      }),
      { numRuns: 30 },
    );
  });

  it('are compared in every operator, method and function there is', () => {
    const random = randomSource(1);
    const texts = Array.from({ length: 2000 }, () => printExpression(randomExpression('boolean', random, []), random));
    const all = texts.join('\n');
    const calls = functionRegistry.map((spec) => (spec.form === 'method' ? `.${spec.name}(` : `${spec.name}(`));
    const signs = ['||', '&&', '!', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', ' in [', ' in lists.', '10m'];
    expect([...calls, ...signs].filter((part) => !all.includes(part))).toEqual([]);
  });
});
