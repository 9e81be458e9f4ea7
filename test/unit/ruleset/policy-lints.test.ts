import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { today } from '../../support/rule-files.js';

interface Rule {
  readonly family: string;
  readonly when?: string;
  readonly more?: string;
}

const ruleText = ({ family, when = 'usage.requests > 5', more = '' }: Rule): string => `  - id: of-${family}
    family: ${family}
    on: [api_key_used]
    when: ${when}
    points: 25
    reason: device.automation
    title: Used
    owner: abuse-team
${more}    tests:
      - { name: much, given: { usage.requests: 9, cards: 9 }, expect: fires }
      - { name: little, given: { usage.requests: 1, cards: 0 }, expect: quiet }
`;

/** What is told of a policy beside live rules of these families. */
function told(policy: string, ...rules: readonly Rule[]): readonly string[] {
  const text = `reasons:
  device.automation: { title: Driven, public: usage_limited }
features:
  cards: { labelled: fraud, by: [payment.fingerprint], window: 1d }
policy:
${policy.replace(/^/gm, '  ')}
rules:
${rules.map(ruleText).join('')}`;
  const { errors, warnings } = loadRuleSet({ files: new Map([['rules.yml', text]]), now: today });
  expect(errors).toEqual([]);
  return warnings.flatMap(({ code, message, line }) => (code === 'W025' ? [`${line}: ${message}`] : []));
}

const two: readonly Rule[] = [{ family: 'usage' }, { family: 'device' }];

describe('a threshold that everybody reaches', () => {
  it('is told: who has no points has 0', () => {
    expect(told('thresholds: { limit: 0 }', ...two)).toEqual([
      '6: everybody reaches the threshold of limit: who has no points has 0',
    ]);
    expect(told('thresholds: { limit: 0, hold: 0 }', ...two)).toEqual([
      '6: everybody reaches the threshold of hold: who has no points has 0',
    ]);
  });

  it('is not told of the smallest that takes something', () =>
    expect(told('thresholds: { limit: 0.1 }', ...two)).toEqual([]));
});

describe('a threshold that nobody reaches', () => {
  const low = 'thresholds: { hold: 91 }\nfamily_caps: { usage: 45, device: 45 }';
  const families = 'hold_needs_families: 3';

  it('is told of caps that let fewer points through', () =>
    expect(told(low, ...two)).toEqual(['6: no score reaches hold (91): the caps let through 90 points']));

  it('is told of more families than live rules have', () =>
    expect(told(families, ...two)).toEqual([
      '6: no score holds: it takes points of 3 families, and the live rules are of 2',
    ]));

  it('is not told where it can be reached', () => {
    expect(told('thresholds: { hold: 90 }\nfamily_caps: { usage: 45, device: 45 }', ...two)).toEqual([]);
    expect(told(low, ...two, { family: 'payment' })).toEqual([]);
    expect(told(families, ...two, { family: 'payment' })).toEqual([]);
  });

  it('is not told where a rule holds by itself: no score may be meant to', () => {
    const holding: Rule = { family: 'device', more: '    at_least: hold\n' };
    expect(told(`${low}\n${families}`, { family: 'usage' }, holding)).toEqual([]);
  });

  it('is not told of families where confirmed fraud holds by one', () =>
    expect(told(families, { family: 'payment', when: 'cards >= 1 && usage.requests > 5' })).toEqual([]));

  it('is not told of rules that do not count yet', () =>
    expect(told(families, { family: 'usage', more: '    mode: shadow\n' })).toEqual([]));
});
