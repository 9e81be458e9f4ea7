import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { rightFiles, today } from '../../golden/rule-mistakes/right-files.js';

const rule = (when: string): string => `rules:
  - id: example
    family: device
    on: [signup]
    when: |
      ${when}
    points: 1
    reason: device.automation
    owner: a
    mode: live
`;

const warnings = (when: string): string[] => {
  const { errors, warnings: told } = loadRuleSet({
    files: new Map([...rightFiles, ['example.yml', rule(when)]]),
    now: today,
  });
  expect(errors).toEqual([]);
  return told.filter(({ code }) => code === 'W001').map(({ message }) => message);
};

const warned = (when: string): boolean => warnings(when).length > 0;

describe('A negation of what can be missing', () => {
  it.each([
    '!(phone.type == "mobile") && ip.is_vpn',
    '!(email.domain in lists.burned)',
    'ip.is_vpn && !(phone.verified || email.is_free)',
    '!anonymous_exit && device.is_bot',
    '!email.domain.lower().endsWith(".edu")',
  ])('is told: %s', (when) => expect(warned(when)).toBe(true));

  it.each([
    'has(phone.type) && !(phone.type == "mobile")',
    '!(default(phone.type, "other") == "mobile")',
    'email.domain.endsWith(".edu") && !(email.domain in lists.burned)',
    'domain_age < 7d && !(email.domain in lists.burned)',
    '!has(phone.type)',
    '!(email.domain == "x.example" && default(phone.verified, false))',
    '!((phone.verified || device.is_bot) == false) && ip.is_vpn && device.is_bot',
    '!(accounts_per_card_90d > 3)',
  ])('is not told where nothing surprises: %s', (when) => expect(warned(when)).toBe(false));

  it('says of an AND that all of it has to be missing, and of a part of an OR that it is enough', () => {
    expect(warnings('!(phone.verified && email.is_free)')).toEqual([
      "the negation is never true when 'phone.verified' and 'email.is_free' are missing",
    ]);
    expect(warnings('!(phone.verified || default(email.is_free, false))')).toEqual([
      "the negation is never true when 'phone.verified' is missing",
    ]);
    expect(warnings('!phone.verified')).toEqual([
      "'!phone.verified' is unknown, not true, when 'phone.verified' is missing",
    ]);
  });
});
