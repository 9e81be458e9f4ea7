import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { parseGiven } from '../../../src/ruleset/parse-given.js';
import { rightFiles, today } from '../../golden/rule-mistakes/right-files.js';

const { ruleSet } = loadRuleSet({ files: rightFiles, now: today });
if (ruleSet === undefined) throw new Error('the right files are wrong');

describe('Given values', () => {
  it('are addresses in the form that events bring them in', () => {
    const given = parseGiven({ 'ip.address': '::ffff:10.1.2.3', 'email.domain': 'a.example' }, ruleSet);
    expect(given.ok && [...given.value]).toEqual([
      ['ip.address', '10.1.2.3'],
      ['email.domain', 'a.example'],
    ]);
  });

  it('are no predicates', () => {
    const given = parseGiven({ anonymous_exit: true }, ruleSet);
    expect(given.ok ? '' : given.error.message).toBe("'anonymous_exit' is a predicate and cannot be given");
  });
});
