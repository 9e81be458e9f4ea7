import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { today } from '../../support/rule-files.js';

function errorsOf(when: string): readonly string[] {
  const files = new Map([
    [
      'rules.yml',
      `reasons:
  list.partner: { title: A partner, public: additional_verification_required }
predicates:
  partner: email.address in lists.partners || account.id == "lab"
  stranger: '!(email.address in lists.partners)'
rules:
  - id: partners
    family: list
    on: [signup]
    when: ${JSON.stringify(when)}
    points: 0
    at_most: allow
    reason: list.partner
    owner: trust
`,
    ],
    ['lists/partners.txt', '# source: contracts\n# date: 2026-05-01\n# type: value\na@partner.example\n'],
    ['lists/nets.txt', '# source: contracts\n# date: 2026-05-01\n# type: cidr\n203.0.113.0/24\n'],
  ]);
  return loadRuleSet({ files, now: today }).errors.map(({ code }) => code);
}

describe('a rule with at_most', () => {
  it.each([
    'email.address in lists.partners',
    'in_list(email.address, lists.partners)',
    'email.address in lists.partners && account.plan == "paid"',
    '!(account.plan == "paid" || !(email.address in lists.partners))',
    'account.id == "a" || account.id in ["b", "c"]',
    '"a" == account.id',
    '!(account.id != "a")',
    'in_cidr(ip.address, "10.0.0.0/8") || ip.address in lists.nets',
    'default(email.address in lists.partners, false)',
    'partner && ip.asn > 3',
  ])('is about those whom it names: %s', (when) => expect(errorsOf(when)).toEqual([]));

  it.each([
    '!(email.address in lists.partners)',
    'account.plan == "q" && (ip.version > 0 || account.id == "zz")',
    'account.id == account.id',
    'true || account.id == "a"',
    'account.id != "a"',
    '!(account.id == "a")',
    '!in_cidr(ip.address, "10.0.0.0/8")',
    '!(account.id in ["a"])',
    'default(email.address in lists.partners, true)',
    'account.plan == "paid"',
    'stranger',
    '!partner',
  ])('is refused where it may be about anybody: %s', (when) => expect(errorsOf(when)).toEqual(['E035']));
});
