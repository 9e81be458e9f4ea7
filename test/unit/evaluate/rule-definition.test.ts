import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { featureIdsOf, ruleDefinition } from '../../../src/ruleset/rule-definition.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';

function definitionOf(text: string, id = 'payment-many-accounts'): string {
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: today });
  const declaration = ruleSet?.declarations.find(({ info }) => info.id === id);
  if (ruleSet === undefined || declaration === undefined) throw new Error(JSON.stringify(errors));
  return ruleDefinition(declaration, featureIdsOf(ruleSet));
}

describe('the definition of a rule', () => {
  it.each([
    ['spaces', 'when: accounts_per_card_90d >= 3', 'when:   accounts_per_card_90d>=3'],
    ['mode', 'mode: live', 'mode: { rollout: 20% }'],
    ['owner', 'owner: abuse-team', 'owner: another-team'],
    ['title', 'used this payment method"', 'share this card"'],
    ['tests', 'name: third account', 'name: a third account'],
    ['the name of a feature', 'accounts_per_card_90d', 'accounts_per_card_q'],
  ])('does not change with %s', (_what, before, after) => {
    expect(rightRules).toContain(before);
    expect(definitionOf(rightRules.replaceAll(before, after))).toBe(definitionOf(rightRules));
  });

  it.each([
    ['its condition', 'when: accounts_per_card_90d >= 3', 'when: accounts_per_card_90d >= 4'],
    ['its points', 'points: 40', 'points: 41'],
    ['its floor', 'at_least: hold', 'at_least: limit'],
    ['its events', 'on: [signup, payment_method_added]\n    when', 'on: [signup]\n    when'],
    ['its fuse', 'share: 5%', 'share: 6%'],
    ['an exception', 'until: 2030-01-01', 'until: 2031-01-01'],
    ['a feature that it reads', 'window: 90d', 'window: 80d'],
  ])('changes with %s', (_what, before, after) => {
    expect(rightRules).toContain(before);
    expect(definitionOf(rightRules.replaceAll(before, after))).not.toBe(definitionOf(rightRules));
  });

  it('changes with a predicate that it refers to', () => {
    const other = rightRules.replace(
      'anonymous_exit: ip.is_vpn || ip.is_tor',
      'anonymous_exit: ip.is_vpn || ip.is_relay',
    );
    expect(definitionOf(other, 'network-anonymous')).not.toBe(definitionOf(rightRules, 'network-anonymous'));
  });
});
