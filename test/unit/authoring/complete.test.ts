import { describe, expect, it } from '@jest/globals';
import { edit } from '../../support/edited-rules.js';

/** A rule whose condition is being written. */
const rule = (when: string): string => `rules:\n  - id: a\n    when: ${when}\n    points: 1\n`;

describe('completion in an expression', () => {
  it('offers signals, features, members of bursts, rings, predicates and functions', () => {
    expect(edit(rule('▮')).labels()).toEqual(
      expect.arrayContaining([
        'ip.is_vpn',
        'accounts_per_card_90d',
        'template_burst.z',
        'ring.size',
        'anonymous_exit',
        'min',
        'default',
      ]),
    );
    expect(edit(rule('▮')).labels()).not.toContain('template_burst');
  });

  it.each([
    ['ip.▮', ['ip.is_vpn', 'ip.asn'], ['email.domain', 'min']],
    ['template_burst.▮', ['template_burst.count', 'template_burst.z'], ['ip.asn']],
    ['ring.gr▮', ['ring.growth_1h'], ['ip.asn']],
    ['email.domain.▮', ['email.domain.endsWith', 'email.domain.size'], ['ip.asn']],
    ['email.domain.lower().▮', ['contains', 'matches'], ['ip.asn']],
    ['payment.funding == ▮', ['"prepaid"', '"credit"'], ['ip.asn']],
    ['payment.funding == "pre▮"', ['prepaid'], ['ip.asn']],
    ['payment.funding in ["credit", ▮]', ['"debit"'], ['ip.asn']],
    ['payment.fingerprint in ▮', ['lists.burned'], ['ip.asn']],
    ['in_list(payment.fingerprint, ▮', ['lists.burned'], ['ip.asn']],
    ['payment.fingerprint in lists.▮', ['lists.burned'], ['ip.asn']],
    ['ip.is_vpn == ▮', ['true', 'false'], ['ip.asn']],
    ['ip.is_vpn ▮', ['&&', '||', '=='], ['ip.asn']],
    ['ip.is_vpn && ▮', ['ip.asn', 'anonymous_exit'], ['&&']],
    ['has(pho▮', ['phone.number'], []],
    ['(ip.is_vpn || ▮', ['ip.is_tor'], []],
  ])('after %s offers %j', (when, wanted, unwanted) => {
    const labels = edit(rule(when)).labels();
    expect(labels).toEqual(expect.arrayContaining(wanted));
    expect(labels.filter((label) => unwanted.includes(label))).toEqual([]);
  });

  it('says nothing within a text that is nobody known', () => {
    expect(edit(rule('email.domain == "ip.▮"')).labels()).toEqual([]);
  });

  it.each([
    ['plain', rule('ip.is_▮ && x'), 'ip.is_vpn', rule('ip.is_vpn && x')],
    ['in the middle of a word', rule('ip.is_▮tor && x'), 'ip.is_vpn', rule('ip.is_vpn && x')],
    ['quoted', rule("'ip.is_▮'"), 'ip.is_vpn', rule("'ip.is_vpn'")],
    ['in an unclosed quote', rule("'ip.is_▮"), 'ip.is_vpn', rule("'ip.is_vpn")],
    [
      'folded',
      rule('>\n      ip.asn > 1 &&\n      ip.is_▮'),
      'ip.is_vpn',
      rule('>\n      ip.asn > 1 &&\n      ip.is_vpn'),
    ],
    ['literal', rule('|\n      ip.is_▮'), 'ip.is_vpn', rule('|\n      ip.is_vpn')],
    [
      'on several plain lines',
      rule('ip.asn > 1 &&\n      ip.is_▮'),
      'ip.is_vpn',
      rule('ip.asn > 1 &&\n      ip.is_vpn'),
    ],
    ['in double quotes', rule('"payment.funding == ▮"'), "'prepaid'", rule('"payment.funding == \'prepaid\'"')],
    ['a method', rule('email.domain.en▮'), 'email.domain.endsWith', rule('email.domain.endsWith(part)')],
  ])('writes a name that is %s', (_what, text, label, expected) => {
    expect(edit(text).chosen(label)).toBe(expected);
  });

  it('works in exceptions, links, predicates and points', () => {
    expect(edit('predicates:\n  p: ip.is_v▮').labels()).toContain('ip.is_vpn');
    expect(edit('links:\n  l: { by: [ip.prefix], when: templ▮').labels()).toContain('template_burst.z');
    expect(edit('rules:\n  - id: a\n    points: mi▮').labels()).toContain('min');
    expect(edit('rules:\n  - id: a\n    except:\n      - { when: acc▮').labels()).toContain('account.path');
  });

  it('goes on while the file is broken', () => {
    const broken = `features:\n  f: { count: event, by: [ip.prefix\nrules:\n  - id: "x\n    when: ip.▮\n`;
    expect(edit(broken).labels()).toContain('ip.is_vpn');
  });
});

describe('completion of keys and values', () => {
  it('offers the keys of a rule that it has not yet, with what they are for', () => {
    const { items } = edit('rules:\n  - id: a\n    family: payment\n    ▮').completions();
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['on', 'when', 'points', 'at_least', 'at_most', 'fuse', 'tests']));
    expect(labels).not.toContain('family');
    expect(items.find(({ label }) => label === 'at_least')).toMatchObject({
      detail: 'limit | hold | deny',
      doc: expect.stringContaining('at least this'),
      insert: 'at_least: ',
    });
  });

  it('leaves the colon where there is one', () => {
    expect(edit('rules:\n  - id: a\n    fa▮: x').chosen('family')).toBe('rules:\n  - id: a\n    family: x');
  });

  it.each([
    ['family: ▮', ['payment', 'network']],
    ['on: [▮]', ['signup', 'api_key_used']],
    ['on: [signup, ▮', ['payment_method_added']],
    ['on:\n      - ▮', ['signup']],
    ['at_least: ▮', ['limit', 'hold', 'deny']],
    ['mode: ▮', ['live', 'shadow', 'off', 'rollout']],
    ['verify: [▮]', ['phone', 'document']],
    ['reason: pay▮', ['payment.reused', 'network.anonymous']],
    ['owner: ▮', ['abuse-team', 'trust']],
    ['fuse: { ▮', ['share', 'min', 'over']],
    ['fuse: { share: 5%, ▮ }', ['min', 'over']],
    ['tests:\n      - { name: x, given: { ▮ } }', ['ip.is_vpn', 'template_burst.z', 'ring.size']],
    ['tests:\n      - { name: x, given: { payment.funding: ▮ } }', ['prepaid']],
    ['tests:\n      - { name: x, given: { ip.is_vpn: ▮ } }', ['true', 'false']],
    ['tests:\n      - { name: x, given: {}, expect: ▮ }', ['fires', 'quiet', 'unknown']],
  ])('of a rule, at %s, offers %j', (line, wanted) => {
    expect(edit(`rules:\n  - id: a\n    ${line}\n`).labels()).toEqual(expect.arrayContaining(wanted));
  });

  it.each([
    ['▮', ['features', 'links', 'predicates', 'rules', 'policy', 'reasons']],
    ['features:\n  f: { ▮', ['count', 'burst', 'by', 'window']],
    ['features:\n  f: { distinct: ▮', ['account.id', 'device.fingerprint']],
    ['features:\n  f: { burst: ▮', ['signup']],
    ['features:\n  f: { count: event, by: [ip.p▮', ['ip.prefix']],
    ['features:\n  f: { count: event, window: ▮', ['10m', '24h']],
    ['links:\n  l: { strength: ▮', ['strong', 'weak']],
    ['links:\n  l: { strength: weak }\n  other: { same_as: ▮ }', ['l']],
    ['policy:\n  ▮', ['thresholds', 'level', 'family_caps']],
    ['policy:\n  fail: { gate_unknown: ▮', ['deny', 'allow']],
    ['reasons:\n  payment.x: { public: ▮', ['usage_limited']],
  ])('at %j offers %j', (text, wanted) => {
    expect(edit(text).labels()).toEqual(expect.arrayContaining(wanted));
  });

  it('puts the keys of a map in braces on the line of its key', () => {
    expect(edit('rules:\n  - id: a\n    mode: ▮').chosen('rollout')).toBe('rules:\n  - id: a\n    mode: { rollout:  }');
    expect(edit('rules:\n  - id: a\n    fuse:\n      ▮').chosen('share')).toBe(
      'rules:\n  - id: a\n    fuse:\n      share: ',
    );
  });

  it('offers a whole rule, feature and link to fill in', () => {
    const { items } = edit('rules:\n  - ▮').completions();
    const whole = items.find(({ kind }) => kind === 'snippet');
    expect(whole).toMatchObject({ isSnippet: true, insert: expect.stringMatching(/^id: \$\{1:.*\nfamily: \$\{2:/) });
    expect(edit('features:\n  f: ▮').labels()).toEqual(expect.arrayContaining(['burst …', 'trusted …']));
    expect(edit('links:\n  l: ▮').labels()).toContain('link …');
  });

  it('offers what can be shown between the braces of a title, and no identifiers', () => {
    const labels = edit('rules:\n  - id: a\n    title: "{acc▮} accounts"').labels();
    expect(labels).toEqual(expect.arrayContaining(['accounts_per_card_90d', 'ip.country']));
    expect(labels).not.toContain('payment.fingerprint');
    expect(edit('rules:\n  - id: a\n    title: "acc▮"').labels()).toEqual([]);
    expect(edit('rules:\n  - id: a\n    title: "{acc▮').chosen('accounts_per_card_90d')).toContain(
      '{accounts_per_card_90d}',
    );
  });

  it.each([
    ['given:\n  baseline: { ▮ }', ['template_burst']],
    ['given:\n  lists: { ▮ }', ['burned']],
    ['given:\n  labels: [{ ▮', ['payment.fingerprint', 'label']],
    ['events:\n  - { ▮ }', ['type', 'repeat', 'account.id', 'email.address', 'label']],
    ['events:\n  - { type: ▮ }', ['signup']],
    ['expect:\n  - { event: 1, ▮ }', ['fires', 'outcome', 'state']],
    ['expect:\n  - { event: 1, fires: [▮] }', ['payment-many-accounts']],
    ['expect:\n  - { event: 1, outcome: ▮ }', ['limit', 'hold']],
    ['tests:\n  - name: x\n    ▮', ['events', 'expect', 'clock']],
  ])('of a sequence test, at %j, offers %j', (text, wanted) => {
    expect(edit(text, 'tests/a.test.yml').labels()).toEqual(expect.arrayContaining(wanted));
  });
});
