import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { bounds } from '../../../src/expression/bounds.js';
import { patternSize } from '../../../src/expression/pattern-size.js';

const instructions = (pattern: string): number | undefined => {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch {
    return undefined;
  }
};

describe('the size of a pattern', () => {
  it.each([
    ['abc', 6],
    ['a{1000}', 1003],
    ['(a{30}){30}', 963],
    ['[a-z]{2,20}', 43],
    ['\\p{Greek}{10}', 13],
    ['\\x{10FFFF}', 4],
    ['\\Qa{9}\\E', 7],
    ['[]{}]{9}', 12],
    ['[^]a]{9}', 12],
    ['[[:alpha:]]{9}', 12],
    ['[\\]]{9}', 12],
    ['(?i:a){9}', 30],
    ['(?P<n>a){9}', 30],
  ])('of %s is %d', (pattern, size) => {
    expect(patternSize(pattern)).toBe(size);
  });

  it.each([
    `(${'a'.repeat(245)}){1000}`,
    '((((a{9}){9}){9}){9})',
    '(){1000}',
    '(|){1000}',
    '(a|){999}b',
    '(a?){500}(a?){500}a{500}',
    '(a*){1,999}',
    '((a|b|){3,}?x){300}',
  ])('of %s is not taken for less than it compiles to', (pattern) => {
    expect(patternSize(pattern)).toBeGreaterThanOrEqual(instructions(pattern) ?? 0);
    expect(patternSize(pattern)).toBeGreaterThan(bounds.patternSize);
  });

  it('is never less than what RE2 makes of the pattern', () => {
    const atom = fc.constantFrom(
      'a',
      '.',
      '^',
      '$',
      '\\d',
      '\\b',
      '[a-z]',
      '[^]]',
      '\\pL',
      '\\p{Greek}',
      '\\x{41}',
      '',
    );
    const repeat = fc.constantFrom('', '*', '+?', '?', '{3}', '{0}', '{2,}', '{0,4}', '{1,3}?', '{2,2}');
    const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 4 },
        fc.tuple(atom, repeat).map(([one, count]) => one + (one === '' ? '' : count)),
        fc
          .tuple(fc.constantFrom('(', '(?:', '(?i:', '(?P<n>'), tie('pattern'), repeat)
          .map(([open, inside, count]) => `${open}${inside})${count}`),
      ),
      pattern: fc
        .tuple(fc.array(tie('part'), { maxLength: 4 }), fc.constantFrom('', '|'))
        .map(([all, between]) => all.join(between)),
    }));
    fc.assert(
      fc.property(pattern, (text) => patternSize(text) >= (instructions(text) ?? 0)),
      { numRuns: 3000 },
    );
  });
});
