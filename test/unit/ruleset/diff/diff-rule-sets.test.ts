import { describe, expect, it } from '@jest/globals';
import { diffRuleSets } from '../../../../src/ruleset/diff/diff-rule-sets.js';
import { loadRuleSet } from '../../../../src/ruleset/load-rule-set.js';
import { ringRules } from '../../../support/ring-rules.js';
import { rightRules, today } from '../../../support/rule-files.js';

const list = '# source: own\n# date: 2026-11-01\nburned-1\nburned-2\n';

function side(text: string, lists: Readonly<Record<string, string>> = {}) {
  const files = new Map([
    ['rules.yml', text],
    ...Object.entries(lists).map(([name, entries]): [string, string] => [`lists/${name}.txt`, entries]),
  ]);
  const { ruleSet, errors } = loadRuleSet({ files, now: today, expiredExceptions: 'warn' });
  if (ruleSet === undefined) throw new Error(errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return { ruleSet, files };
}

/** One edit after another; each has to find what it replaces. */
function edited(...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`there is no '${from}'`);
    return text.replace(from, to);
  }, rightRules);
}

const changes = (after: string, before = rightRules) => diffRuleSets(side(before), side(after), today);
const lines = (after: string, before?: string) =>
  changes(after, before).map(({ name, what, text, effect }) => `${effect}: ${name} ${what}: ${text}`);

const card = 'when: accounts_per_card_90d >= 3';
const exits = 'when: anonymous_exit && signups_per_prefix_10m > 2';

describe('A difference between rule sets', () => {
  it('is none for the same rules in another layout', () => {
    expect(lines(edited([exits, 'when: (signups_per_prefix_10m > 2) && anonymous_exit']))).toEqual([
      'none: network-anonymous when: the condition is written otherwise and means the same',
    ]);
    expect(changes(rightRules)).toEqual([]);
  });

  it.each([
    ['account.plan in ["x", "y"]', 'account.plan == "y" || account.plan == "x"'],
    ['signups_per_prefix_10m != 3', 'signups_per_prefix_10m > 3 || signups_per_prefix_10m < 3'],
    ['signups_per_prefix_10m >= 3', 'signups_per_prefix_10m > 2'],
    [
      'signups_per_prefix_10m > 2 && ip.is_vpn',
      'ip.is_vpn && signups_per_prefix_10m >= 5 || ip.is_vpn && signups_per_prefix_10m in [3, 4]',
    ],
    ['device.confidence >= 0.5', 'device.confidence >= 0.5 && device.confidence <= 1'],
    ['ip.version == 4', 'ip.version != 6'],
    ['ip.is_vpn || ip.is_tor', 'ip.is_vpn || ip.is_tor && !ip.is_vpn || ip.is_tor && ip.is_vpn || ip.is_tor'],
    ['ip.is_vpn in [true]', 'ip.is_vpn in [true] || ip.is_vpn in [true] && ip.is_tor'],
  ])('is none for conditions that are equal: %s and %s', (one, other) => {
    const same = 'none: network-anonymous when: the condition is written otherwise and means the same';
    const fires = (when: string) => edited([exits, `when: '${when}'`]);
    expect(lines(fires(other), fires(one))).toEqual([same]);
    expect(lines(fires(one), fires(other))).toEqual([same]);
  });

  it.each([
    ['account.plan in ["x", "y"]', 'account.plan == "y"', 'looser'],
    ['signups_per_prefix_10m != 3', 'signups_per_prefix_10m > 3 || signups_per_prefix_10m < 2', 'looser'],
    ['device.confidence >= 0.3', 'device.confidence > 0.2', 'stricter'],
    ['ip.is_vpn || ip.is_tor', 'ip.is_vpn || ip.is_tor || email.domain.endsWith(".x")', 'stricter'],
    ['signups_per_prefix_10m >= 3', 'ip.is_vpn', 'either'],
    ['email.domain < "m"', 'email.domain < "z"', 'stricter'],
    ['email.domain < "m"', 'email.domain > "m"', 'either'],
    ['email.domain >= "m"', 'email.domain == "z"', 'looser'],
  ])('has the direction that is shown: %s and %s', (one, other, effect) => {
    const fires = (when: string) => edited([exits, `when: '${when}'`]);
    expect(lines(fires(other), fires(one))[0]).toMatch(new RegExp(`^${effect}: network-anonymous when`));
  });

  it('tells of links that became the same evidence, and that they keep their history', () => {
    const same = ringRules.replace('  template: { ', '  template: { same_as: prefix, ');
    expect(lines(same, ringRules)).toEqual(['either: template edited: the same evidence as prefix; its history stays']);
    expect(lines(ringRules, same)).toEqual([
      'either: template edited: no longer the same evidence as prefix; its history stays',
    ]);
  });

  it.each<readonly [string, string, string]>([
    [
      card,
      'when: accounts_per_card_90d >= 2',
      'stricter: payment-many-accounts when: fires from 2 accounts instead of 3 (accounts_per_card_90d): on all it fired on, and on more',
    ],
    [
      card,
      'when: 5 <= accounts_per_card_90d',
      'looser: payment-many-accounts when: fires from 5 accounts instead of 3 (accounts_per_card_90d): never where it did not fire before',
    ],
    [
      card,
      `${card} || payment.is_virtual`,
      'stricter: payment-many-accounts when: fires also when `payment.is_virtual`: on all it fired on, and on more',
    ],
    [
      card,
      `${card} && payment.is_virtual`,
      'looser: payment-many-accounts when: fires only when `payment.is_virtual` too: never where it did not fire before',
    ],
    [
      card,
      'when: payment.is_virtual',
      'either: payment-many-accounts when: fires when `payment.is_virtual` instead of `accounts_per_card_90d >= 3`',
    ],
    [
      exits,
      'when: anonymous_exit',
      'stricter: network-anonymous when: fires no longer asks for `signups_per_prefix_10m > 2`: on all it fired on, and on more',
    ],
    [
      exits,
      'when: anonymous_exit && !(signups_per_prefix_10m <= 2) && ip.kind in ["vpn"]',
      'looser: network-anonymous when: fires only when `ip.kind in ["vpn"]` too: never where it did not fire before',
    ],
    [
      exits,
      'when: anonymous_exit || signups_per_prefix_10m > 2',
      'stricter: network-anonymous when: fires when one of `anonymous_exit`, `signups_per_prefix_10m > 2` holds, no longer only when all do: on all it fired on, and on more',
    ],
    [
      'share: 5%',
      'share: 50%',
      'stricter: payment-many-accounts fuse: a fuse at 50 %, from 50 hits in 10 minutes instead of a fuse at 5 %, from 50 hits in 10 minutes',
    ],
    ['points: 40', 'points: 55', 'stricter: payment-many-accounts points: 55 points, instead of 40 points'],
    ['points: 40', 'points: 1', 'looser: payment-many-accounts points: 1 point, instead of 40 points'],
    [
      'points: min(20,',
      'points: min(12,',
      'looser: network-anonymous points: `min(12, 4 * signups_per_prefix_10m)` points, at most 12, instead of `min(20, 4 * signups_per_prefix_10m)` points, at most 20',
    ],
    [
      'at_least: hold',
      'at_least: deny',
      'stricter: payment-many-accounts at_least: at least deny instead of at least hold',
    ],
    ['    at_least: hold\n', '', 'looser: payment-many-accounts at_least: no floor instead of at least hold'],
    ['mode: live', 'mode: shadow', 'looser: payment-many-accounts mode: shadow instead of live'],
    ['mode: live', 'mode: { rollout: 20% }', 'looser: payment-many-accounts mode: live for 20 % instead of live'],
    [
      'on: [signup, payment_method_added]\n    when',
      'on: [signup, payment_method_added, api_key_created]\n    when',
      'stricter: payment-many-accounts on: now also on api_key_created',
    ],
    [
      'on: [signup, payment_method_added]\n    when',
      'on: [signup]\n    when',
      'looser: payment-many-accounts on: no longer on payment_method_added',
    ],
    [
      'family: network',
      'family: velocity',
      'either: network-anonymous family: evidence of the family velocity instead of network: another cap',
    ],
    [
      'share: 5%',
      'share: 2%',
      'looser: payment-many-accounts fuse: a fuse at 2 %, from 50 hits in 10 minutes instead of a fuse at 5 %, from 50 hits in 10 minutes',
    ],
    [
      'until: 2030-01-01',
      'until: 2031-01-01',
      'looser: payment-many-accounts except: the exception where `email.domain == "uni.example"` holds until 2031-01-01 instead of 2030-01-01',
    ],
    [
      'verify: [payment]',
      'verify: [payment, phone]',
      'none: payment-many-accounts verify: verify payment, phone instead of payment',
    ],
    ['hold: 60', 'hold: 50', 'stricter: thresholds.hold changed: holds from 50 points instead of 60'],
    ['limit: 30', 'limit: 35', 'looser: thresholds.limit changed: limits from 35 points instead of 30'],
    [
      'network: 45',
      'network: 20',
      'looser: family_caps.network changed: at most 20 points of the family network instead of 45',
    ],
    [
      'policy:\n',
      'policy:\n  limit: { ring_requests_per_day: 500 }\n',
      'stricter: limit.ring_requests_per_day changed: 500 requests a day instead of no bound for the limited of a ring together',
    ],
    [
      'policy:\n',
      'policy:\n  level: report\n',
      'looser: level changed: only reports: nobody is limited or held by it any more',
    ],
    [
      'rescore: [1h, 6h]',
      'rescore: [1h]',
      'either: rescore changed: judged again after 1 hour instead of 1 hour, 6 hours',
    ],
    [
      'held_share: 0.5%',
      'held_share: 1%',
      'none: budget.held_share changed: an alert when more than 1 % are held instead of 0.5 %',
    ],
    [
      'window: 90d',
      'window: 30d',
      'either: accounts_per_card_90d edited: distinct account.id by payment.fingerprint in 30 days on signup, payment_method_added instead of distinct account.id by payment.fingerprint in 90 days on signup, payment_method_added; cold: counts from the moment it is loaded, in full after 30 days; 1 rule reads it',
    ],
    [
      'title: Anonymous network',
      'title: Hidden network',
      'none: network.anonymous title: "Hidden network" instead of "Anonymous network"',
    ],
  ])('says of %s -> %s what it does', (from, to, expected) => {
    expect(lines(edited([from, to]))).toContain(expected);
  });

  it('tells the way back as the opposite', () => {
    const turned = { stricter: 'looser', looser: 'stricter', either: 'either', none: 'none' };
    const after = edited(
      [card, 'when: accounts_per_card_90d >= 2'],
      ['hold: 60', 'hold: 50'],
      ['mode: live', 'mode: shadow'],
    );
    const there = changes(after).map(({ name, what, effect }) => `${name} ${what} ${effect}`);
    const back = changes(rightRules, after).map(({ name, what, effect }) => `${name} ${what} ${turned[effect]}`);
    expect([...back].sort()).toEqual([...there].sort());
  });

  it('puts what can hold more people first, and of that what can do most', () => {
    const after = edited(
      ['mode: live', 'mode: shadow'],
      ['limit: 30', 'limit: 25'],
      ['> 2', '> 1'],
      ['held_share: 0.5%', 'held_share: 1%'],
    );
    expect(changes(after).map(({ name }) => name)).toEqual([
      'thresholds.limit',
      'network-anonymous',
      'payment-many-accounts',
      'budget.held_share',
    ]);
  });

  it('of a rule in shadow changes no outcome, whatever else is edited', () => {
    const shadow = edited(['mode: live', 'mode: shadow']);
    const after = edited(
      ['mode: live', 'mode: shadow'],
      ['points: 40', 'points: 90'],
      [card, 'when: accounts_per_card_90d >= 2'],
    );
    expect(new Set(changes(after, shadow).map(({ effect }) => effect))).toEqual(new Set(['none']));
  });

  it('of a rule that speaks for people is turned round', () => {
    const trust = edited(['points: 40', 'points: -10'], ['    at_least: hold\n', '']);
    const after = edited(
      ['points: 40', 'points: -10'],
      ['    at_least: hold\n', ''],
      [card, 'when: accounts_per_card_90d >= 2'],
    );
    expect(changes(after, trust)).toMatchObject([{ what: 'when', effect: 'looser' }]);
  });

  it('of a rule that takes points away and has a floor shows no direction', () => {
    const [trust, after] = [
      edited(['points: 40', 'points: -10']),
      edited(['points: 40', 'points: -10'], [card, 'when: accounts_per_card_90d >= 2']),
    ];
    expect(changes(after, trust)).toMatchObject([{ what: 'when', effect: 'either' }]);
  });

  it('knows a rule and a feature again under another name', () => {
    const after = edited(['id: payment-many-accounts', 'id: payment-shared']).replaceAll(
      'accounts_per_card_90d',
      'card_accounts_90d',
    );
    expect(lines(after)).toEqual([
      "either: payment-shared renamed: was 'payment-many-accounts'; decisions, counts and clearings of the old id do not count for the new one",
      "none: card_accounts_90d renamed: was 'accounts_per_card_90d'; its history is kept",
    ]);
  });

  it('says of a rule under another name that its share is of other accounts, and nothing of one that only watches', () => {
    const as = (id: string, mode: string) =>
      edited(['id: payment-many-accounts', `id: ${id}`], ['mode: live', `mode: ${mode}`]);
    const of = (mode: string) => lines(as('other', mode), as('one', mode));
    expect(of('{ rollout: 20% }')).toEqual([
      "either: other renamed: was 'one'; decisions, counts and clearings of the old id do not count for the new one; its roll-out counts for other accounts",
    ]);
    expect(of('shadow')[0]).toMatch(/^none: other renamed/);
  });

  it('tells of a predicate once, and of the rules that it changes', () => {
    expect(lines(edited(['ip.is_vpn || ip.is_tor', 'ip.is_vpn || ip.is_tor || ip.is_relay']))).toEqual([
      "stricter: network-anonymous when: fires otherwise through the predicate 'anonymous_exit': on all it fired on, and on more",
      'none: anonymous_exit edited: true also when `ip.is_relay`: true more often (read by 1 rule)',
    ]);
  });

  it('claims nothing about a condition on a feature that is another one by now', () => {
    const after = edited([card, 'when: accounts_per_card_90d >= 2'], ['window: 90d', 'window: 30d']);
    expect(changes(after).map(({ name, what, effect }) => `${name} ${what} ${effect}`)).toEqual([
      'payment-many-accounts when either',
      'accounts_per_card_90d edited either',
    ]);
    expect(lines(after)[0]).toMatch(/fires from 2 accounts instead of 3 \(accounts_per_card_90d\)$/);
  });

  it('names rules that come and go with what they do', () => {
    const cut =
      rightRules.slice(0, rightRules.indexOf('  - id: network-anonymous')) +
      rightRules.slice(rightRules.indexOf('policy:'));
    const unread = cut.replace(/ {2}signups_per_prefix_10m.*\n/, '').replace(/predicates:\n.*\n/, '');
    const gone = changes(unread);
    expect(gone).toMatchObject([
      { name: 'network-anonymous', what: 'removed', effect: 'looser' },
      { name: 'signups_per_prefix_10m', what: 'removed' },
      { name: 'anonymous_exit', what: 'removed' },
    ]);
    expect(changes(rightRules, unread)[0]).toMatchObject({
      what: 'added',
      effect: 'stricter',
      text: 'live: `min(20, 4 * signups_per_prefix_10m)` points, at most 20 (network) on signup when `anonymous_exit && signups_per_prefix_10m > 2`',
    });
  });

  it('counts entries of lists that came and went, with examples', () => {
    const rules = edited([card, `${card} || payment.fingerprint in lists.burned`]);
    const [before, after] = [
      side(rules, { burned: list }),
      side(rules, { burned: `${list.replace('11-01', '11-21').replace('burned-2', 'x1\nx2\nx3\nx4')}` }),
    ];
    expect(diffRuleSets(before, after, today)).toMatchObject([
      {
        thing: 'list',
        name: 'burned',
        text: '4 entries more (x1, x2, x3 and 1 more); 1 entry fewer (burned-2); as of 2026-11-21 instead of 2026-11-01',
      },
    ]);
    expect(diffRuleSets(before, side(rules, { burned: `${list}# nothing\n` }), today)).toEqual([]);
  });

  it('says when an exception that goes had expired', () => {
    const expired = edited(['until: 2030-01-01', 'until: 2026-01-01']);
    const without = edited([/ {4}except:\n.*\n/.exec(rightRules)?.[0] ?? '', '']);
    expect(lines(without, expired)).toEqual([
      'none: payment-many-accounts except: no longer an exception where `email.domain == "uni.example"`; its last day was 2026-01-01',
    ]);
    expect(changes(without)).toMatchObject([{ what: 'except', effect: 'stricter' }]);
  });

  it('counts of exceptions with the same condition the one that lasts longest', () => {
    const line = / {6}- .*until: 2030-01-01.*\n/.exec(rightRules)?.[0] ?? '';
    const lasting = (...years: readonly number[]) =>
      edited([line, years.map((year) => line.replace('2030', String(year))).join('')]);
    expect(changes(lasting(2030, 2028), lasting(2029, 2030))).toEqual([]);
    expect(lines(lasting(2032, 2030), lasting(2029, 2030))).toEqual([
      'looser: payment-many-accounts except: the exception where `email.domain == "uni.example"` holds until 2032-01-01 instead of 2030-01-01',
    ]);
    expect(changes(lasting(2025, 2024), lasting(2024, 2023))).toMatchObject([{ what: 'except', effect: 'none' }]);
  });
});
