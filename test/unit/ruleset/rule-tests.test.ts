import { describe, expect, it } from '@jest/globals';
import { explainRules } from '../../../src/ruleset/explain-rules.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { renderProblem } from '../../../src/ruleset/render-problem.js';
import { givenSlots } from '../../../src/ruleset/run-inline-tests.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';
import { runRuleTests } from '../../support/run-rule-tests.js';

function load(text = rightRules) {
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: today });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

describe('tests that stand in rules', () => {
  it('pass when the rule does what they expect, and count the leaves they turn on', () => {
    const run = runRuleTests(load(), today);
    expect(run).toMatchObject({ passed: 4, failed: 0 });
    expect(run.coverage['payment-many-accounts']).toEqual({
      fires: 1,
      quiet: 0,
      unknown: 1,
      leaves_decisive: 1,
      leaves: 1,
    });
    expect(run.coverage['network-anonymous']).toMatchObject({ leaves: 3 });
  });

  it('show what differs, part by part, and what would have turned the rule', () => {
    const { tests, failed } = runRuleTests(load(rightRules.replace('_90d >= 3', '_90d >= 7')), today);
    expect(failed).toBe(1);
    expect(tests[0]?.diff).toEqual({
      expected: 'fires',
      got: 'quiet',
      leaves: [{ text: 'accounts_per_card_90d >= 7', result: false, values: { accounts_per_card_90d: 3 } }],
      flip: [{ name: 'accounts_per_card_90d', from: 3, to: 7 }],
    });
  });
});

describe('explaining', () => {
  it('opens predicates and finds the smallest change', () => {
    const ruleSet = load();
    const slots = givenSlots(
      ruleSet,
      new Map<string, number | boolean>([
        ['ip.is_vpn', true],
        ['signups_per_prefix_10m', 1],
      ]),
    );
    const [told] = explainRules(ruleSet, { slots, now: today, rule: 'network-anonymous' });
    expect(told).toEqual({
      id: 'network-anonymous',
      result: 'quiet',
      points: 0,
      effect: 'none',
      leaves: [
        { text: 'ip.is_vpn', result: true, values: { 'ip.is_vpn': true } },
        { text: 'ip.is_tor', result: null, values: { 'ip.is_tor': null } },
        { text: 'signups_per_prefix_10m > 2', result: false, values: { signups_per_prefix_10m: 1 } },
      ],
      flip: [{ name: 'signups_per_prefix_10m', from: 1, to: 3 }],
    });
  });
});

describe('lints', () => {
  const warningsOf = (text: string) =>
    loadRuleSet({ files: ruleFiles(text), now: today }).warnings.map(({ code }) => code);

  it('have nothing to say about rules that are right', () => expect(warningsOf(rightRules)).toEqual([]));

  it.each([
    [
      'W001',
      'when: anonymous_exit && signups_per_prefix_10m > 2',
      "when: '!ip.is_relay && signups_per_prefix_10m > 2'",
    ],
    [
      'W002',
      'signups_per_prefix_10m > 2\n    points: min(20, 4 * signups_per_prefix_10m)',
      'ip.asn == 1\n    points: 4',
    ],
    ['W004', 'by: [payment.fingerprint]', 'by: [account.id]'],
    [
      'W005',
      'owner: abuse-team\n    tests:\n      - { name: a burst',
      'owner: abuse-team\n    at_least: hold\n    tests:\n      - { name: a burst',
    ],
    ['W007', 'accounts_per_card_90d >= 3', 'accounts_per_card_90d >= 300'],
    ['W008', 'anonymous_exit && signups_per_prefix_10m > 2', 'accounts_per_card_90d >= 3'],
    ['W009', 'expect: unknown', 'expect: fires'],
    ['W010', '\'email.domain == "uni.example"\'', 'accounts_per_card_90d >= 3'],
    ['W014', '{ accounts_per_card_90d: 3 }', '{ accounts_per_card_90d: 3, ip.asn: 4 }'],
    ['W018', 'accounts_per_card_90d >= 3', 'accounts_per_card_90d >= 3 && accounts_per_card_90d < 3'],
    [
      'W018',
      'accounts_per_card_90d >= 3',
      "'accounts_per_card_90d >= 3 && (2 > accounts_per_card_90d && has(ip.asn))'",
    ],
    [
      'W018',
      'accounts_per_card_90d >= 3',
      '\'accounts_per_card_90d >= 3 && ip.country == "US" && ip.country == "DE"\'',
    ],
    ['W016', 'when: anonymous_exit && signups_per_prefix_10m > 2', 'when: 1 > 0'],
  ])('%s', (code, right, wrong) => {
    expect(rightRules).toContain(right);
    const text =
      code === 'W008'
        ? rightRules.replace('on: [signup]\n    when', 'on: [signup, payment_method_added]\n    when')
        : rightRules;
    expect(warningsOf(text.replace(right, wrong))).toContain(code);
  });
});

describe('the lint of thresholds', () => {
  const messagesOf = (threshold: string) =>
    loadRuleSet({ files: ruleFiles(rightRules.replace('_10m > 2', `_10m > ${threshold}`)), now: today })
      .warnings.filter(({ code }) => code === 'W007')
      .map(({ message, hint }) => `${message}; ${hint}`);

  it('tells where a count is an estimate, not that it never gets there', () => {
    expect(messagesOf('128')).toEqual([]);
    expect(messagesOf('500')).toEqual([
      "'signups_per_prefix_10m' is exact to 128, above that an estimate; exact_to: 500 in the feature keeps it exact",
    ]);
  });

  it('says nothing of what can only be an estimate', () => expect(messagesOf('20000')).toEqual([]));
});

describe('the lint of rules that never fire', () => {
  it.each([
    'accounts_per_card_90d >= 3 && accounts_per_card_90d <= 3',
    'email.entropy > 2 && email.entropy < 3',
    'accounts_per_card_90d >= 3 || accounts_per_card_90d < 3',
    '!(accounts_per_card_90d >= 3 && accounts_per_card_90d < 3)',
    'accounts_per_card_90d == 3 && accounts_per_card_90d != 4',
    'accounts_per_card_90d >= 3 && signups_per_prefix_10m < 3',
  ])('says nothing about %s', (condition) => {
    const text = rightRules.replace('when: accounts_per_card_90d >= 3', `when: '${condition}'`);
    const { errors, warnings } = loadRuleSet({ files: ruleFiles(text), now: today });
    expect({ errors, never: warnings.filter(({ code }) => code === 'W018') }).toEqual({ errors: [], never: [] });
  });
});

describe('a problem for people', () => {
  it('has the line and a caret under the wrong token', () => {
    const problem = {
      code: 'E101',
      message: "unknown field 'payment.fingerprnt'",
      hint: "did you mean 'payment.fingerprint'?",
      file: 'payment/reuse.yml',
      line: 7,
      column: 11,
      end_column: 29,
      rule: 'payment-many-accounts',
    };
    const line = '    when: payment.fingerprnt in lists.burned';
    expect(renderProblem(problem, 'error', { path: 'rules/payment/reuse.yml', line })).toBe(
      [
        "error[E101]: unknown field 'payment.fingerprnt'",
        '  --> rules/payment/reuse.yml:7:11  (rule payment-many-accounts)',
        '7 |     when: payment.fingerprnt in lists.burned',
        "  |           ^^^^^^^^^^^^^^^^^^ did you mean 'payment.fingerprint'?",
      ].join('\n'),
    );
  });
});
