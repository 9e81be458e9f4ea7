import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { today } from '../../support/rule-files.js';

interface Written {
  readonly feature: string;
  readonly on: string;
  readonly when?: string;
}

/** What is told of one feature and one rule that reads it: codes with messages. */
function told({ feature, on, when = 'counted >= 1' }: Written): readonly string[] {
  const text = `features:
  counted: ${feature}
rules:
  - id: example
    family: device
    on: [${on}]
    when: '${when}'
    points: 5
    reason: device.automation
    title: Counted
    owner: abuse-team
    mode: shadow
reasons:
  device.automation: { title: Driven, public: usage_limited }
`;
  const { errors, warnings } = loadRuleSet({ files: new Map([['rules.yml', text]]), now: today });
  expect(errors).toEqual([]);
  return warnings.map(({ code, message }) => `${code} ${message}`);
}

describe('a feature that counts nothing', () => {
  it.each([
    ['by what comes with other events', '{ count: event, by: [usage.prompt_template], window: 1h, on: [signup] }'],
    ['of what comes with other events', '{ distinct: usage.pace, by: [ip.prefix], window: 1h, on: [signup] }'],
    ['as a burst', '{ burst: signup, by: [usage.prompt_template], window: 24h, baseline: 21d }'],
    ['of where no verification is passed', '{ distinct: account.id, by: [ip.prefix], window: 1d, on: [verified] }'],
  ])('is told: %s', (_what, feature) => {
    const when = feature.includes('burst') ? 'counted.held >= 1' : 'counted >= 1';
    expect(told({ feature, on: 'api_key_used', when })).toEqual([
      expect.stringMatching(/^W024 'counted' counts nothing: '[a-z_.]+' is never there on (signup|verified)$/),
    ]);
  });

  it('is told once, and not of the rules that read it', () => {
    const feature = '{ count: event, by: [usage.prompt_template], window: 1h, on: [signup] }';
    expect(told({ feature, on: 'signup' })).toEqual([expect.stringMatching(/^W024 /)]);
  });

  it.each([
    ['by keys at signups, which may carry one', '{ distinct: api_key.id, by: [ip.prefix], window: 1h, on: [signup] }'],
    ['where one of its events has it', '{ count: event, by: [usage.pace], window: 1h, on: [signup, api_key_used] }'],
    ['on all events', '{ count: event, by: [usage.prompt_template], window: 1h }'],
    ['by what an account is remembered by', '{ distinct: account.id, by: [email.domain], window: 1d, on: [verified] }'],
    ['by what was shown', '{ distinct: account.id, by: [verified.phone], window: 1d }'],
  ])('is not one that counts %s', (_what, feature) => expect(told({ feature, on: 'api_key_used' })).toEqual([]));
});

describe('a feature that is never there where a rule reads it', () => {
  const byTemplate = '{ count: event, by: [usage.prompt_template], window: 1h, on: [api_key_used] }';

  it('is told with the signal that is missing', () =>
    expect(told({ feature: byTemplate, on: 'signup' })).toEqual([
      "W040 'counted' is never there on signup: it is told by 'usage.prompt_template'",
    ]));

  it('is not told where one of the events of the rule has its key', () => {
    expect(told({ feature: byTemplate, on: 'signup, api_key_used' })).toEqual([]);
    const byPrefix = '{ distinct: usage.prompt_template, by: [ip.prefix], window: 1h, on: [api_key_used] }';
    expect(told({ feature: byPrefix, on: 'signup' })).toEqual([]);
  });

  it('is not told of a key that a signup may carry', () =>
    expect(
      told({
        feature: '{ count: event, by: [api_key.id], window: 1h }',
        on: 'signup',
        when: 'has(api_key.id) && counted > 3',
      }),
    ).toEqual([]));
});
