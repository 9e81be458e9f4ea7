import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import type { RuleProblem } from '../../src/ruleset/rule-problem.js';
import { rightRules, ruleFiles, today } from '../support/rule-files.js';

const pieces = [
  '\0',
  '\t',
  '\n',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n',
  '>\n',
  '!x ',
  '&a ',
  '*a',
  '<<: ',
  '---\n',
  '...',
  '#',
  '%',
  '\u{1F600}',
  '\uFEFF',
  '\r\n',
  '&&',
  '((((',
  'null',
  '1e999',
  '? ',
  '\\',
  '@',
];

const mutation = fc.record({
  at: fc.nat(rightRules.length),
  cut: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 })),
});

function isWithin({ file, line, column, end_column: end, message }: RuleProblem, lines: readonly string[]): boolean {
  const text = lines[line - 1];
  return (
    file === 'rules.yml' &&
    message !== '' &&
    text !== undefined &&
    column >= 1 &&
    column <= text.length + 1 &&
    end > column
  );
}

describe('a damaged rule file', () => {
  it('never breaks the loader, gives a whole rule set or none, and says where', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const text = mutations.reduce(
          (before, { at, cut, insert }) => before.slice(0, at) + insert + before.slice(at + cut),
          rightRules,
        );
        const { ruleSet, errors, warnings } = loadRuleSet({ files: ruleFiles(text), now: today });
        expect(ruleSet === undefined).toBe(errors.length > 0);
        const lines = text.replace(/^\uFEFF/, '').split('\n');
        // One expectation for all: a damaged file can have hundreds of problems.
        expect([...errors, ...warnings].filter((problem) => !isWithin(problem, lines))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
