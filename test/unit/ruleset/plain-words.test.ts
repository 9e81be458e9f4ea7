import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { rightFiles, today } from '../../golden/rule-mistakes/right-files.js';

/** What is said of a file in the place of `payment/reuse.yml` in which one text stands for another. */
const said = (right: string, wrong: string): readonly string[] => {
  const text = rightFiles.get('payment/reuse.yml') ?? '';
  expect(text).toContain(right);
  const files = new Map([...rightFiles, ['payment/reuse.yml', text.replace(right, () => wrong)]]);
  return loadRuleSet({ files, now: today }).errors.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
};

const when = 'when: accounts_per_card_90d >= 3 || card_fraud_180d >= 1';

describe('Errors in the words of authors', () => {
  it('say where in the file a bracket was opened', () => {
    expect(said(when, 'when: >-\n      card_fraud_180d >= 1\n      || (ip.is_vpn')).toEqual([
      "11:20 the expression ends too early (')' was expected, for the '(' at 11:10)",
    ]);
  });

  it.each(['[', '{ a: '])('say that 3,000 of %s are too deep', (open) => {
    const [first, ...others] = said(when, `when: ${open.repeat(3000)}`);
    expect(first).toContain('it is nested too deeply');
    expect(others).toEqual([]);
  });

  it.each([
    ['verify: [payment, phone]', 'verify: [payment, phone]]', ["']' closes nothing", "there is no '[' for it"]],
    [when, 'when: |x\n      ip.is_vpn', ["stands behind '|' or '>'", 'a text begins on the next line']],
    ['min: 50', 'min: four', ["expected a number for min, not the text 'four'"]],
    ['min: 50', "min: '50'", ["did you mean '50'? it is written without quotes"]],
    ['points_max: 45', 'points_max: many', ["expected a number for points_max, not the text 'many'"]],
    [
      '    tests:',
      '    tests: []\n  id: another\n    family: payment\n    tests:',
      ['each rule begins with a dash: - id: …'],
    ],
    [
      'features:',
      'predicates: { one: two, two: three, three: one }\nfeatures:',
      ["predicate 'one' refers to itself: one → two → three → one"],
    ],
  ])('%# name what the author wrote', (right, wrong, parts) => {
    const [first = '', ...others] = said(right, wrong);
    for (const part of parts) expect(first).toContain(part);
    expect(others).toEqual([]);
  });
});
