import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { complete } from '../../src/authoring/complete.js';
import { findDefinition, findReferences } from '../../src/authoring/find-name.js';
import { hover } from '../../src/authoring/hover.js';
import { outline } from '../../src/authoring/outline.js';
import { RuleIndex } from '../../src/authoring/rule-index.js';
import { rightRules } from '../support/rule-files.js';

const pieces = [
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
  '&a ',
  '*a',
  '---\n',
  '#',
  '\t',
  '\r\n',
  '\u{1F600}',
  '.',
  '(',
];
const slip = fc.record({
  at: fc.nat(rightRules.length),
  cut: fc.integer({ min: 0, max: 60 }),
  insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
});

const whole = RuleIndex.of(new Map([['rules.yml', rightRules]]));

describe('a file that is half-written, whatever it is', () => {
  it('has an answer at every place, within the file', () => {
    fc.assert(
      fc.property(fc.array(slip, { maxLength: 3 }), fc.nat(3000), (slips, place) => {
        const text = slips.reduce(
          (before, { at, cut, insert }) => before.slice(0, at) + insert + before.slice(at + cut),
          rightRules,
        );
        const offset = place % (text.length + 1);
        const index = RuleIndex.of(new Map([['rules.yml', text]]), whole);
        const { start, end } = complete({ path: 'rules.yml', text, offset }, index);
        const told = hover('rules.yml', offset, index) ?? { start, end };
        const declared = findDefinition('rules.yml', offset, index) ?? { start, end };
        const places = [{ start, end }, told, declared, ...findReferences('rules.yml', offset, index)];
        for (const entry of outline('rules.yml', index)) places.push(entry, entry.nameAt);
        const isWithin = (one: { start: number; end: number }): boolean =>
          one.start >= 0 && one.start <= one.end && one.end <= Math.max(text.length, rightRules.length);
        expect(places.filter((one) => !isWithin(one))).toEqual([]);
        expect(start <= offset && offset <= end).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is completed behind every beginning of itself', () => {
    const ends = Array.from({ length: 60 }, (_, n) => Math.floor((n * rightRules.length) / 60));
    for (const end of ends) {
      const text = rightRules.slice(0, end);
      const index = RuleIndex.of(new Map([['rules.yml', text]]), whole);
      expect(() => complete({ path: 'rules.yml', text, offset: end }, index)).not.toThrow();
    }
    const condition = rightRules.indexOf('when: anonymous_exit') + 'when: ano'.length;
    const text = rightRules.slice(0, condition);
    const index = RuleIndex.of(new Map([['rules.yml', text]]), whole);
    expect(complete({ path: 'rules.yml', text, offset: condition }, index).items.map(({ label }) => label)).toContain(
      'anonymous_exit',
    );
  });
});
