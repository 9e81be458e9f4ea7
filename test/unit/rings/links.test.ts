import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { ringRules } from '../../support/ring-rules.js';

const load = (text: string) => loadRuleSet({ files: new Map([['ring.yml', text]]), now: 0 });

interface Mistake {
  readonly right: string;
  /** The error is expected at the mark `«»`. */
  readonly wrong: string;
  readonly code: string;
  readonly hint?: string;
}

const mistakes: readonly Mistake[] = [
  { right: 'strength: strong', wrong: 'strength: «stron»', code: 'E013', hint: "did you mean 'strong'?" },
  {
    right: 'by: [payment.fingerprint]',
    wrong: 'by: [«payment.fingerprnt»]',
    code: 'E026',
    hint: 'payment.fingerprint',
  },
  { right: 'by: [payment.fingerprint]', wrong: 'by: «[]»', code: 'E019' },
  { right: 'by: [payment.fingerprint]', wrong: 'by: «payment.fingerprint»', code: 'E012' },
  { right: 'by: [ip.prefix]', wrong: 'by: [ip.prefix, «ip.prefix»]', code: 'E019' },
  { right: 'hub_cap: 20', wrong: 'hub_cap: «1»', code: 'E014' },
  { right: 'hub_cap: 20', wrong: 'hub_cap: «many»', code: 'E012' },
  { right: 'hub_cap: 20', wrong: '«hub_cp»: 20', code: 'E010', hint: "did you mean 'hub_cap'?" },
  { right: 'ttl: 180d', wrong: 'ttl: «180»', code: 'E015' },
  { right: '  card: { by: [payment.fingerprint], ', wrong: '  «card»: { ', code: 'E011', hint: 'by: [' },
  { right: 'when: ip.is_vpn', wrong: 'when: «ip.is_vnp»', code: 'E101', hint: 'ip.is_vpn' },
  { right: 'when: ip.is_vpn', wrong: 'when: «ip.asn»', code: 'E112' },
  { right: 'when: ip.is_vpn', wrong: 'when: «ring.size > 3»', code: 'E033' },
  {
    right: 'links:',
    wrong:
      'predicates:\n  grown: ring.size > 3\nlinks:\n  other: { by: [ip.asn], strength: weak, hub_cap: 9, ttl: 1d, when: «grown» }',
    code: 'E033',
  },
  { right: '  prefix:', wrong: '  «card»:', code: 'E002' },
  { right: '  prefix:', wrong: '  «Prefix-1»:', code: 'E018' },
  {
    right: '  template: { ',
    wrong: '  template: { same_as: «prefx», ',
    code: 'E013',
    hint: "did you mean 'prefix'?",
  },
  { right: '  template: { ', wrong: '  template: { same_as: «template», ', code: 'E013', hint: 'one of card, prefix' },
  { right: '  template: { ', wrong: '  template: { same_as: «[prefix]», ', code: 'E012' },
  { right: 'ring.size >= 3', wrong: '«ring.sise» >= 3', code: 'E101', hint: 'ring.size' },
];

describe('links in a rules file', () => {
  it('are loaded with what they need on every event type', () => {
    const { ruleSet, errors, warnings } = load(ringRules);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(ruleSet?.links.map(({ spec }) => [spec.name, spec.strength, spec.hubCap])).toEqual([
      ['card', 'strong', 20],
      ['prefix', 'weak', 200],
      ['template', 'weak', 200],
    ]);
    const needed = ruleSet?.needs('api_key_used').signals.map(({ name }) => name);
    expect(needed).toEqual(
      expect.arrayContaining(['payment.fingerprint', 'ip.prefix', 'ip.is_vpn', 'ip.asn', 'device.template']),
    );
    expect(ruleSet?.needs('signup').rings.map(({ name }) => name)).toEqual(['ring.size']);
  });

  it.each(mistakes)('are refused with $code at $wrong', ({ right, wrong, code, hint }) => {
    expect(ringRules.includes(right)).toBe(true);
    const marked = ringRules.replace(right, () => wrong);
    const { ruleSet, errors } = load(marked.replace(/[«»]/g, ''));
    expect(ruleSet).toBeUndefined();
    const before = marked.slice(0, marked.indexOf('«')).split('\n');
    const found = errors.find((error) => error.code === code);
    expect({ code: found?.code, line: found?.line, column: found?.column, all: errors }).toMatchObject({
      code,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
    });
    if (hint !== undefined) expect(found?.hint).toContain(hint);
  });

  it('are another link, and without history, when their definition is another, and the same under another name', () => {
    const idOf = (text: string): readonly string[] => load(text).ruleSet?.links.map(({ spec }) => spec.id) ?? [];
    const [card] = idOf(ringRules);
    expect(idOf(ringRules.replace('card:', 'cards:'))[0]).toBe(card);
    expect(idOf(ringRules.replace('  template: { ', '  template: { same_as: prefix, '))).toEqual(idOf(ringRules));
    for (const [from, to] of [
      ['ttl: 180d', 'ttl: 90d'],
      ['hub_cap: 20', 'hub_cap: 21'],
      ['strength: strong', 'strength: weak'],
      ['[payment.fingerprint]', '[payment.fingerprint, ip.asn]'],
    ] as const)
      expect(idOf(ringRules.replace(from, to))[0]).not.toBe(card);
    expect(idOf(ringRules.replace('when: ip.is_vpn', 'when: ip.is_tor'))[1]).not.toBe(idOf(ringRules)[1]);
  });

  it.each([
    [
      'W019',
      ringRules
        .replace('when: ring.size >= 3', 'when: ip.is_tor')
        .replace('{ring.size}', 'some')
        .replace('min(40, ring.size)', '3'),
    ],
    ['W020', ringRules.replace(/links:[\s\S]*?rules:/, 'rules:')],
    ['W021', ringRules.replace(/ {2}template:.*\n/, '')],
    ['W021', ringRules.replace('  template: { ', '  template: { same_as: prefix, ')],
    [
      'W022',
      ringRules.replace(
        'strength: weak, hub_cap: 200, ttl: 14d, when',
        'strength: strong, hub_cap: 200, ttl: 14d, when',
      ),
    ],
    ['W023', ringRules.replace('[device.template, email.shape]', '[ip.prefix]')],
  ])('are warned of with %s where they are probably not meant', (code, text) => {
    const { errors, warnings } = load(text);
    expect(errors).toEqual([]);
    expect(warnings.map((warning) => warning.code)).toContain(code);
  });

  it('are at most thirty', () => {
    const many = Array.from(
      { length: 31 },
      (_, n) => `  link_${n}: { by: [ip.prefix], strength: weak, hub_cap: 9, ttl: 1d }`,
    );
    const { errors } = load(ringRules.replace('links:', `links:\n${many.slice(0, 28).join('\n')}`));
    expect(errors.map(({ code }) => code)).toEqual(['E034']);
  });
});
