import { describe, expect, it } from '@jest/globals';
import { outline } from '../../../src/authoring/outline.js';
import { quickFixes } from '../../../src/authoring/quick-fixes.js';
import { RuleIndex } from '../../../src/authoring/rule-index.js';
import { edit } from '../../support/edited-rules.js';
import { rightRules } from '../../support/rule-files.js';

const rule = (when: string): string => `rules:\n  - id: a\n    when: ${when}\n    points: 1\n`;

describe('what is told of a name', () => {
  it.each([
    ['a signal', rule('ip.is_v▮pn'), ['**ip.is_vpn** · boolean', 'VPN exits', 'Missing when']],
    ['an identifier', rule('payment.finger▮print == "x"'), ['never shown in a title']],
    ['a signal of few values', rule('payment.fund▮ing == "x"'), ['`prepaid`']],
    ['a unit', rule('device.form_▮ms < 7'), ['number, ms']],
    [
      'a feature',
      rule('accounts_per_▮card_90d > 1'),
      [
        'Different values of `account.id` on the same `payment.fingerprint` in 90d',
        'counted on `signup`, `payment_method_added`',
        'Declared in `rules.yml:5`',
        'Read by `payment-many-accounts`',
      ],
    ],
    ['a member of a burst', rule('template_burst.▮z > 1'), ['standard deviations', 'compared with the 21d before']],
    ['what is read of a ring', rule('ring.▮size > 1'), ['Accounts in the ring', 'in no ring']],
    ['a predicate', rule('anonymous_▮exit'), ['ip.is_vpn || ip.is_tor', 'Read by `network-anonymous`']],
    ['a list', rule('payment.fingerprint in lists.bur▮ned'), ['2 entries', 'our own']],
    ['a function', rule('mi▮n(1, 2) > 1'), ['min(', 'The smaller of two numbers', 'Example:']],
    ['a method', rule('email.domain.ends▮With("x")'), ['text.endsWith(', 'boolean']],
    ['a reason code', 'rules:\n  - id: a\n    reason: payment.▮reused', ['Payment method used by several accounts']],
    [
      'a rule',
      'expect:\n  - { event: 1, fires: [payment-many-▮accounts] }',
      ['family: `payment`', 'mode: `live`', 'at_least: `hold`'],
    ],
    ['a key', 'rules:\n  - id: a\n    at_l▮east: hold', ['**at_least**', 'at least this', '`deny`']],
    ['a value', 'rules:\n  - id: a\n    at_least: ho▮ld', ['**at_least**']],
    [
      'a name in a title',
      'rules:\n  - id: a\n    title: "{accounts_per_▮card_90d} accounts"',
      ['**accounts_per_card_90d**'],
    ],
    [
      'a name that a test gives',
      'rules:\n  - id: a\n    tests:\n      - { given: { ip.is_▮vpn: true } }',
      ['**ip.is_vpn**'],
    ],
    ['a name in a file that is broken', rule('\'ip.is_▮vpn && "x'), ['**ip.is_vpn** · boolean']],
    ['a function in a file that is broken', rule('\'mi▮n(1, 2) > "x'), ['The smaller of two numbers']],
  ])('tells of %s', (_what, text, wanted) => {
    const path = text.startsWith('expect') ? 'tests/a.test.yml' : 'edited.yml';
    const told = edit(text, path).hover();
    for (const part of wanted) expect(told).toContain(part);
  });

  it.each([
    ['plain', rule('a > 1 && ip.is_v▮pn')],
    ['in single quotes', rule("'a == \"it''s\" && ip.is_v▮pn'")],
    ['in double quotes', rule('"a == \\"x\\" && ip.is_v▮pn"')],
    ['folded', rule('>\n      a &&\n\n      ip.is_v▮pn')],
    ['literal', rule('|\n      a &&\n        ip.is_v▮pn')],
    ['on several plain lines', rule('a &&\n      ip.is_v▮pn')],
  ])('finds exactly the name where it is %s', (_what, text) => {
    expect(edit(text).hovered()).toBe('ip.is_vpn');
  });

  it('says nothing of texts, numbers and comments', () => {
    expect(edit(rule('email.domain == "ip.is_▮vpn"')).hovered()).not.toBe('ip.is_vpn');
    expect(edit('# ip.is_▮vpn\nrules: []\n').hover()).toBeUndefined();
  });
});

describe('where a name is declared, and what mentions it', () => {
  it.each([
    ['a feature', rule('accounts_per_▮card_90d > 1'), 'rules.yml: accounts_per_card_90d'],
    ['a member of a burst', rule('template_burst.▮z > 1'), 'bursts.yml: template_burst'],
    ['a predicate', rule('anonymous_▮exit'), 'rules.yml: anonymous_exit'],
    ['a list', rule('payment.fingerprint in lists.bur▮ned'), 'lists/burned.txt: '],
    ['a reason code', 'rules:\n  - id: a\n    reason: payment.▮reused', 'rules.yml: payment.reused'],
    ['a link', 'links:\n  mail: { strength: weak }\n  style: { same_as: ma▮il }\n', 'edited.yml: mail'],
    ['a signal', rule('ip.is_v▮pn'), undefined],
  ])('of %s', (_what, text, expected) => {
    expect(edit(text).definition()).toBe(expected);
  });

  it('finds every mention of a feature: conditions, points, titles, tests', () => {
    const found = edit(rule('template_burst.z > 1 && accounts_per_▮card_90d > 1')).references();
    expect(found).toEqual([
      ...Array.from({ length: 3 }, () => 'rules.yml: accounts_per_card_90d'),
      'edited.yml: accounts_per_card_90d',
    ]);
  });

  it('finds the mentions from the declaration too', () => {
    expect(
      edit(
        'features:\n  new_bu▮rst: { burst: signup, by: [ip.prefix] }\npredicates:\n  p: new_burst.z > 1 && new_burst.count > 2\n',
      ).references(),
    ).toEqual(['edited.yml: new_burst.z', 'edited.yml: new_burst.count']);
  });

  it('keeps what a file declared while it is broken', () => {
    const whole = RuleIndex.of(new Map([['rules.yml', rightRules]]));
    const broken = RuleIndex.of(new Map([['rules.yml', rightRules.replace('by: [ip', 'by: "[ip')]]), whole);
    expect([...broken.named('feature').keys()]).toEqual([...whole.named('feature').keys()]);
    expect([...broken.named('rule').keys()].sort()).toEqual([...whole.named('rule').keys()].sort());
  });

  it('reads only what has changed', () => {
    const first = RuleIndex.of(
      new Map([
        ['a.yml', 'predicates: {}\n'],
        ['b.yml', rightRules],
      ]),
    );
    const second = RuleIndex.of(
      new Map([
        ['a.yml', 'predicates: { p: ip.is_vpn }\n'],
        ['b.yml', rightRules],
      ]),
      first,
    );
    expect(second.files.get('b.yml')).toBe(first.files.get('b.yml'));
    expect(second.named('predicate').has('p')).toBe(true);
  });
});

describe('an outline', () => {
  it('lists what a file declares in its order, with the range of each', () => {
    const index = RuleIndex.of(new Map([['rules.yml', rightRules]]));
    const entries = outline('rules.yml', index);
    expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'reason payment.reused',
      'reason network.anonymous',
      'feature accounts_per_card_90d',
      'feature signups_per_prefix_10m',
      'predicate anonymous_exit',
      'rule payment-many-accounts',
      'rule network-anonymous',
    ]);
    const [first] = entries.filter(({ kind }) => kind === 'rule');
    const text = rightRules.slice(first?.start, first?.end);
    expect(text.split('\n')[0]).toBe('id: payment-many-accounts');
    expect(text.endsWith('{ name: no card, given: {}, expect: unknown }')).toBe(true);
    for (const { start, end, nameAt } of entries) expect(start <= nameAt.start && nameAt.end <= end).toBe(true);
  });
});

describe('a quick fix', () => {
  it.each([
    ['E101', "did you mean 'ip.is_vpn'?", 'ip.is_vpm', ['ip.is_vpn']],
    ['E101', "did you mean 'a'? (or 'b', 'c')", 'x', ['a', 'b', 'c']],
    ['E010', "did you mean 'on'? a space follows its colon", 'x', ['on']],
    ['E018', "did you mean 'payment'?", 'paymnet.reused', ['payment.reused']],
    ['E031', "did you mean 'written'?", 'written', []],
    ['E013', 'one of live, shadow, off', 'x', []],
  ])('of %s with the hint %s proposes %j', (code, hint, written, expected) => {
    expect(quickFixes({ code, hint }, written).map(({ replacement }) => replacement)).toEqual(expected);
    expect(quickFixes({ code }, written)).toEqual([]);
  });
});
