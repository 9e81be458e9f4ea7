import { describe, expect, it } from '@jest/globals';
import { notStored } from '../../../src/backtest/backtest-source.js';
import { StoredReader } from '../../../src/backtest/stored-reader.js';
import type { StoredRow } from '../../../src/backtest/stored-row.js';
import { Immature, type Reading, Unavailable } from '../../../src/model/value.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { ruleFiles, today } from '../../support/rule-files.js';

const rule = (id: string, when: string, on = '[signup]'): string => `  - id: ${id}
    family: payment
    on: ${on}
    when: '${when}'
    points: 10
    reason: payment.reused
    owner: test
`;

const rulesOf = (features: string, ...rules: readonly string[]): RuleSet => {
  const text = `reasons:
  payment.reused: { title: Reused, public: additional_verification_required }
features:
${features}rules:
${rules.join('')}`;
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: today });
  if (ruleSet === undefined) throw new Error(errors.map(({ message }) => message).join('; '));
  return ruleSet;
};

const cards = '  per_card: { distinct: account.id, by: [payment.fingerprint], window: 30d, on: [signup] }\n';
const burst = '  shape_burst: { burst: signup, by: [email.shape], window: 24h, baseline: 21d, min: 4 }\n';
const then = rulesOf(
  cards + burst,
  rule('cards', 'per_card >= 2 && has(phone.number)'),
  rule('burst', 'shape_burst.z >= 3 || ip.is_vpn || ring.size > 3'),
);

const row = (more: Partial<StoredRow> = {}): StoredRow => ({
  eventId: 'evt_1',
  accountId: 'acct_1',
  type: 'signup',
  decidedAt: today,
  outcome: 'allow',
  fired: new Set(),
  ruleSet: then.hash,
  unknown: [],
  degraded: [],
  inputs: { per_card: 1, 'payment.fingerprint': 'k1.card', 'email.shape': 'l5' },
  label: undefined,
  ...more,
});

/** What a rule set finds of this row, by name. */
function read(ruleSet: RuleSet, names: readonly string[], stored = row(), by: RuleSet | undefined = then): Reading[] {
  const reader = new StoredReader({ ruleSetOfThen: by, layout: names, variants: [{ prefix: '', ruleSet }] });
  const readings: Reading[] = [];
  reader.read(stored, readings);
  return readings;
}

describe('The record of a decision', () => {
  it('gives what was seen, and tells what was looked for and not there from what nobody looked for', () => {
    expect(read(then, ['per_card', 'phone.number', 'ring.size'])).toEqual([1, undefined, undefined]);
    const more = rulesOf(cards, rule('more', 'per_card >= 2 && email.is_free && payment.country == "DE"'));
    expect(read(more, ['per_card', 'email.is_free', 'payment.country'])).toEqual([1, notStored, notStored]);
  });

  it('does not miss what no rule looks at on such events', () => {
    const later = rulesOf(cards, rule('later', 'per_card >= 2 && email.is_free', '[api_key_created]'));
    expect(read(later, ['email.is_free'])).toEqual([undefined]);
    expect(read(later, ['email.is_free'], row({ type: 'api_key_created' }))).toEqual([notStored]);
  });

  it('finds a renamed feature, and never takes an edited one for the old one', () => {
    const renamed = rulesOf(cards.replace('per_card:', 'card_accounts:'), rule('cards', 'card_accounts >= 2'));
    expect(read(renamed, ['card_accounts'])).toEqual([1]);
    const edited = rulesOf(cards.replace('30d', '7d'), rule('cards', 'per_card >= 2'));
    expect(read(edited, ['per_card'])).toEqual([notStored]);
  });

  it('keeps apart what two rule sets call the same', () => {
    const edited = rulesOf(cards.replace('30d', '7d'), rule('cards', 'per_card >= 2'));
    const variants = [
      { prefix: '', ruleSet: edited },
      { prefix: 'baseline:', ruleSet: then },
    ];
    const reader = new StoredReader({ ruleSetOfThen: then, layout: ['per_card', 'baseline:per_card'], variants });
    const readings: Reading[] = [];
    reader.read(row(), readings);
    expect(readings).toEqual([notStored, 1]);
  });

  it('knows a store that was away, and a burst that was still cold', () => {
    const away = row({ inputs: { 'email.shape': 'l5' }, degraded: ['velocity_unavailable', 'ring_unavailable'] });
    const [card, z, ring, vpn] = read(then, ['per_card', 'shape_burst.z', 'ring.size', 'ip.is_vpn'], away);
    expect([card, z, ring]).toEqual(
      ['velocity', 'velocity', 'ring'].map((group) => new Unavailable(`${group}_unavailable`)),
    );
    expect(vpn).toBeUndefined();
    expect(read(then, ['ip.is_vpn'], row({ degraded: ['ip_intel_unavailable'] }))[0]).toBeInstanceOf(Unavailable);
    expect(read(then, ['shape_burst.z'])[0]).toBeInstanceOf(Immature);
    expect(read(then, ['shape_burst.z'], row({ inputs: {} }))).toEqual([undefined]);
  });

  it('knows which of its readings a store that was slow did not give, where that was written down', () => {
    const names = ['per_card', 'shape_burst.z', 'ring.size', 'ip.is_vpn'];
    const inputs = { 'email.shape': 'l5' };
    const degraded = ['velocity_unavailable', 'ip_intel_unavailable'];
    expect(read(then, names, row({ inputs, degraded, unavailable: ['per_card', 'ip.is_vpn'] }))).toEqual([
      new Unavailable('velocity_unavailable'),
      new Immature('baseline_cold'),
      undefined,
      new Unavailable('ip_intel_unavailable'),
    ]);
    expect(read(then, ['per_card'], row({ inputs, degraded, unavailable: ['shape_burst.z'] }))).toEqual([undefined]);
  });

  it('holds hashes of identifiers: enough to ask whether there is one, not to compare it', () => {
    const seen = row({ inputs: { ...row().inputs, 'phone.number': 'k1.phone' } });
    expect(read(then, ['phone.number'], seen)).toEqual(['k1.phone']);
    const compares = rulesOf(cards, rule('number', 'phone.number == "+15551234567" && per_card >= 1'));
    expect(read(compares, ['phone.number'], seen)).toEqual([notStored]);
    expect(read(compares, ['phone.number'])).toEqual([undefined]);
  });

  it('trusts names only as far as it knows them where the rules of then are gone', () => {
    const seen = row({ unknown: ['ip.is_vpn'], inputs: { 'email.shape': 'l5', per_card: 1 } });
    const names = ['email.shape', 'ip.is_vpn', 'per_card', 'ring.size'];
    const wide = rulesOf(cards, rule('wide', 'email.shape == "l5" && (ip.is_vpn || per_card > 1 || ring.size > 2)'));
    const reader = new StoredReader({
      ruleSetOfThen: undefined,
      layout: names,
      variants: [{ prefix: '', ruleSet: wide }],
    });
    const readings: Reading[] = [];
    reader.read(seen, readings);
    expect(readings).toEqual(['l5', undefined, notStored, notStored]);
    expect(reader.clearedThen(seen)).toBeUndefined();
  });

  it('shows which rules had been cleared: they would have fired, and did not', () => {
    const reader = new StoredReader({ ruleSetOfThen: then, layout: [], variants: [{ prefix: '', ruleSet: then }] });
    const inputs = { ...row().inputs, per_card: 4, 'phone.number': 'k1.phone' };
    expect(reader.clearedThen(row({ inputs }))).toEqual(new Set(['cards']));
    expect(reader.clearedThen(row({ inputs, fired: new Set(['cards']) }))).toBeUndefined();
  });
});
