import { describe, expect, it } from '@jest/globals';
import { evalExpression } from '../../../src/ruleset/eval-expression.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { parseGiven } from '../../../src/ruleset/parse-given.js';
import { givenSlots } from '../../../src/ruleset/run-inline-tests.js';
import { runRuleTests } from '../../support/run-rule-tests.js';

const now = Date.parse('2026-11-21T00:00:00Z');

const rulesWith = (when: string): string => `reasons:
  velocity.burst: { title: "A sudden crowd of one kind", public: additional_verification_required }
features:
  template_burst:
    { burst: signup, by: [device.template, email.shape], window: 24h, baseline: 21d, min: 4 }
  trusted_per_ip: { trusted: account.id, by: [ip.address], older_than: 7d }
rules:
  - id: velocity-template-burst
    family: velocity
    on: [signup]
    when: ${when}
    points: min(45, 9 * log2(1 + template_burst.z)) / (1 + trusted_per_ip / 4)
    reason: velocity.burst
    title: "{template_burst.count} signups where {template_burst.expected} were expected"
    owner: abuse-team
    tests:
      - { name: a burst, given: { template_burst.z: 9, trusted_per_ip: 0 }, expect: fires }
      - { name: a cold start, given: { trusted_per_ip: 0 }, expect: unknown }
`;
const load = (when: string) => loadRuleSet({ files: new Map([['a.yml', rulesWith(when)]]), now });

describe('bursts and trusted accounts in rules', () => {
  it('are read through their members, and given to tests by them', () => {
    const { ruleSet, errors } = load('template_burst.z >= 8');
    expect(errors).toEqual([]);
    if (ruleSet === undefined) throw new Error('no rule set');
    const [burst, trusted] = ruleSet.features;
    expect(burst).toMatchObject({ kind: 'burst', on: ['signup'], min: 4, baselineMs: 21 * 86_400_000 });
    expect(trusted).toMatchObject({ kind: 'trusted', olderThanMs: 7 * 86_400_000, exactTo: 64 });
    expect(ruleSet.needs('signup').signals.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['device.template', 'email.shape', 'ip.address']),
    );
    expect(runRuleTests(ruleSet, now).tests.map(({ ok }) => ok)).toEqual([true, true]);
    const given = parseGiven({ 'template_burst.z': 3 }, ruleSet);
    if (!given.ok) throw new Error(given.error.message);
    expect(evalExpression('2 * template_burst.z', ruleSet, givenSlots(ruleSet, given.value))).toMatchObject({
      value: { value: 6, reads: { 'template_burst.z': 3 } },
    });
  });

  it('say what a bare name has', () => {
    const { errors } = load('template_burst >= 8');
    expect(errors[0]).toMatchObject({ code: 'E101', file: 'a.yml', line: 11, column: 11 });
    expect(errors[0]?.hint).toContain('template_burst.count, template_burst.expected');
  });
});
