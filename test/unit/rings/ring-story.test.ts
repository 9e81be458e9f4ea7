import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';

const files = new Map([
  [
    'ring.yml',
    `links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 20, ttl: 180d }
  prefix: { by: [ip.prefix], strength: weak, hub_cap: 200, ttl: 14d, when: ip.is_vpn }
  template: { by: [device.template, email.shape], strength: weak, hub_cap: 200, ttl: 14d }
rules:
  - id: ring-of-many
    family: ring
    on: [signup]
    when: ring.size >= 3
    points: min(40, ring.size)
    reason: ring.size
    title: "{ring.size} accounts hang together"
    owner: abuse-team
    tests:
      - { name: many, given: { ring.size: 8 }, expect: fires }
      - { name: few, given: { ring.size: 2 }, expect: quiet }
reasons:
  ring.size: { title: Accounts that hang together, public: additional_verification_required }
`,
  ],
]);

describe('links in a rule set', () => {
  it('are loaded with what they need on every event type', () => {
    const { ruleSet, errors, warnings } = loadRuleSet({ files, now: 0 });
    expect(errors).toEqual([]);
    expect(warnings).toEqual([]);
    expect(ruleSet?.links.map(({ spec }) => spec.name)).toEqual(['card', 'prefix', 'template']);
    const needs = ruleSet?.needs('api_key_used');
    expect(needs?.signals.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['payment.fingerprint', 'ip.prefix', 'ip.is_vpn', 'ip.asn', 'device.template']),
    );
  });
});
