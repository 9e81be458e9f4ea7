import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConditionProgram } from '../../../src/backtest/condition-program.js';
import { checkExpression } from '../../../src/expression/check-expression.js';
import { compileExpression } from '../../../src/expression/compile-expression.js';
import type { Scope } from '../../../src/expression/scope.js';
import type { InputInfo } from '../../../src/model/expression-scope.js';
import { type Reading, Unavailable } from '../../../src/model/value.js';
import { aRow, blockOf, refill } from '../../support/backtest-rows.js';
import { fields, lists } from '../../support/expression/expression-tree.js';
import { printExpression } from '../../support/expression/print-expression.js';
import { randomExpression } from '../../support/expression/random-expression.js';
import { randomSource } from '../../support/expression/random-source.js';
import { randomFacts } from '../../support/expression/random-values.js';

const inputs: ReadonlyMap<string, InputInfo> = new Map(
  fields.map(({ name, type, values }, slot) => [name, { name, type, slot, optional: true, values }]),
);
const scope: Scope = {
  input: (name) => inputs.get(name),
  predicate: () => undefined,
  list: (name) => {
    const list = lists[name];
    return list === undefined ? undefined : { name, kind: list.kind, has: (value) => list.holds.includes(value) };
  },
  names: () => inputs.keys(),
  listNames: () => Object.keys(lists),
};
/** Places in rows are others than slots. */
const layout = [...fields].reverse();
const placeOf = (name: string): number => layout.findIndex((field) => field.name === name);

/** So many constants that rows are looked for among them. */
const thresholds = [-3, 0, 0.125, 1, 2, 3, 8, 64500, 250].flatMap((limit) =>
  ['<', '<=', '>', '>=', '==', '!='].map((sign) => `accounts_per_card * 2 ${sign} ${limit}`),
);

function randomConditions(seed: number) {
  const random = randomSource(seed);
  const texts = Array.from({ length: 25 }, () => printExpression(randomExpression('boolean', random, []), random));
  return [...texts, ...thresholds].flatMap((text) => {
    const checked = checkExpression(text, scope, 'boolean');
    if (!checked.ok || text.length > 2000) return [];
    return [{ text, checked: checked.value, compiled: compileExpression(checked.value) }];
  });
}

function randomRow(number: number, seed: number) {
  const facts = randomFacts(randomSource(seed));
  const readingOf = (name: string): Reading => {
    const given = facts.get(name) ?? 'absent';
    if (given === 'absent') return undefined;
    return 'value' in given ? given.value : new Unavailable(given.unavailable);
  };
  const row = aRow(
    number,
    layout.map(({ name }) => readingOf(name)),
  );
  return { row, slots: fields.map(({ name }) => readingOf(name)) };
}

const has = (bits: Uint32Array, row: number): boolean => ((bits[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;

describe('Conditions in columns', () => {
  it('are what they are row by row', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 140 }), (seed, size) => {
        const conditions = randomConditions(seed);
        const program = new ConditionProgram();
        const numbers = conditions.map(({ checked }) => program.add(checked.ast, placeOf));
        const first = Array.from({ length: size }, (_, row) => randomRow(row, seed + row));
        const second = Array.from({ length: 70 }, (_, row) => randomRow(row, seed + 1000 + row));
        const block = blockOf(layout, [], (made) => program.groupColumns(made));
        const differences: string[] = [];
        // The second block finds what the first one left behind.
        for (const rows of [first, second]) {
          refill(
            block,
            rows.map(({ row }) => row),
          );
          program.run(block);
          for (const [index, { compiled, text }] of conditions.entries()) {
            const { isTrue, isFalse } = program.truthOf(numbers[index] ?? -1);
            for (const [row, { slots }] of rows.entries()) {
              const result = compiled.evaluate(slots);
              if (has(isTrue, row) !== (result === true) || has(isFalse, row) !== (result === false))
                differences.push(`row ${row}, ${String(result)}: ${text}`);
            }
          }
        }
        expect(differences).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
