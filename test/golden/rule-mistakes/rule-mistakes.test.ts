import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';
import { mistakes } from './mistakes.js';

describe('mistakes of rule authors', () => {
  it('begin from rules that are right', () => {
    const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(rightRules), now: today });
    expect(errors).toEqual([]);
    expect(ruleSet?.rules).toHaveLength(2);
  });

  it('are at least sixty', () => expect(mistakes.length).toBeGreaterThanOrEqual(60));

  it.each(mistakes)('$code: $wrong', ({ right, wrong, code, suggests }) => {
    expect(rightRules.split(right).length).toBeGreaterThan(1);
    const marked = rightRules.replace(right, () => wrong);
    const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(marked.replace(/[«»]/g, '')), now: today });
    expect(ruleSet).toBeUndefined();
    const start = marked.indexOf('«');
    const found = errors.find((error) => error.code === code);
    expect({ code: found?.code, all: errors.map((error) => error.code) }).toMatchObject({ code });
    if (start !== -1) {
      const before = marked.slice(0, start).split('\n');
      expect({ line: found?.line, column: found?.column }).toEqual({
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
      });
      const token = marked.slice(start + 1, marked.indexOf('»') === -1 ? start + 2 : marked.indexOf('»'));
      if (!token.includes('\n') && marked.includes('»'))
        expect(found?.end_column).toBe((found?.column ?? 0) + Math.max(1, token.length));
    }
    if (suggests !== undefined) expect(found?.hint).toContain(`'${suggests}'`);
  });
});
