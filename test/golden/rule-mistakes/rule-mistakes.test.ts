import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { type Found, findInSave, findMistake, isColumnRight, isLineRight, isSuggestionRight } from './find-mistake.js';
import { type Mistake, scalarForms } from './mistake.js';
import { conditions, mistakes } from './mistakes.js';
import { rightFiles, today } from './right-files.js';

const condition = '    when: device.is_automation && device.confidence >= 0.9';

/** Every wrong condition in two of the forms that YAML can write it in: all forms have their turn. */
const inForms: readonly Mistake[] = conditions.flatMap(({ condition: text, code, suggests }, index) =>
  [index, index + 4].flatMap((turn) => {
    const forms = Object.values(scalarForms);
    const scalar = forms[turn % forms.length]?.(text);
    return scalar === undefined
      ? []
      : [{ file: 'device/automation.yml', right: condition, wrong: `    when: ${scalar}`, code, suggests }];
  }),
);

const shown = ({ mistake: { file, wrong, code, suggests }, all, problem }: Found): string =>
  `${file}: ${wrong.slice(0, 300)}\n   expected ${code} ${suggests ?? ''}\n   found ${
    problem === undefined
      ? ''
      : `${problem.line}:${problem.column}-${problem.end_column} (right: ${JSON.stringify(problem.right)}) ${problem.hint ?? ''}`
  }\n   all ${all.map(({ code: other, line, column, message, hint }) => `${other} ${line}:${column} ${message} [${hint ?? ''}]`).join('\n       ')}`;

const share = (all: readonly Found[], holds: (found: Found) => boolean): number =>
  all.filter(holds).length / all.length;

const failing = (all: readonly Found[], holds: (found: Found) => boolean): string =>
  all
    .filter((found) => !holds(found))
    .map(shown)
    .join('\n');

describe('mistakes of rule authors', () => {
  it('begin from rules that are right', () => {
    const { ruleSet, errors, warnings } = loadRuleSet({ files: rightFiles, now: today });
    expect([...errors, ...warnings]).toEqual([]);
    expect(ruleSet?.rules).toHaveLength(8);
  });

  it('are at least three hundred', () => {
    expect(mistakes.length + conditions.length).toBeGreaterThanOrEqual(300);
  });

  describe.each([
    ['in every kind of declaration', mistakes.map((mistake) => findMistake(mistake))],
    ['in conditions, in every form of YAML', inForms.map(findInSave)],
  ])('%s', (_, found) => {
    it('are all caught, each with its code and alone', () => {
      expect(failing(found, ({ isCaught }) => isCaught)).toBe('');
      expect(failing(found, ({ isAlone }) => isAlone)).toBe('');
    });

    it('are all shown in their line', () => expect(failing(found, isLineRight)).toBe(''));

    it('are shown in their column', () => {
      if (share(found, isColumnRight) < 0.98) expect(failing(found, isColumnRight)).toBe('');
    });

    it('have the right name suggested first', () => {
      const typos = found.filter(({ mistake }) => mistake.suggests !== undefined);
      if (share(typos, isSuggestionRight) < 0.95) expect(failing(typos, isSuggestionRight)).toBe('');
    });
  });
});
