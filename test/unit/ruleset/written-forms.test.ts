import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { rightFiles, today } from '../../golden/rule-mistakes/right-files.js';

const listHead = '# source: ours\n# date: 2026-11-01\n';
const rule = (when: string): string => `rules:
  - id: example
    family: device
    on: [signup]
    when: |
      ${when}
    points: 1
    reason: device.automation
    owner: a
    mode: shadow
`;

const hints = (changed: Readonly<Record<string, string>>): readonly (string | undefined)[] => {
  const { errors, warnings } = loadRuleSet({ files: new Map([...rightFiles, ...Object.entries(changed)]), now: today });
  expect(errors).toEqual([]);
  return warnings.map(({ code, hint, message }) => `${code} ${hint ?? message}`);
};

const ofList = (...entries: readonly string[]) => hints({ 'lists/burned.txt': `${listHead}${entries.join('\n')}\n` });
const ofCondition = (when: string) => hints({ 'example.yml': rule(when) });
const ofAddressList = (entry: string) =>
  hints({
    'lists/mailboxes.txt': `${listHead}${entry}\n`,
    'example.yml': rule('email.address in lists.mailboxes'),
  });

describe('A text that an input never is', () => {
  it('is no domain of a list in whichever script, since lists compare all spellings as one', () => {
    expect(ofList('bücher.example', 'Пример.Example', 'xn--bcher-kva.example')).toEqual([]);
  });

  it('is a domain with a dot at an end, in a list and in a condition', () => {
    expect(ofList('gmail.com.', '.sub.example', 'mail.example')).toEqual([
      "W032 did you mean 'gmail.com'?",
      "W032 did you mean 'sub.example'?",
    ]);
    expect(ofCondition('email.domain == ".sub.example"')).toEqual(["W032 did you mean 'sub.example'?"]);
    expect(ofCondition('email.domain.endsWith(".sub.example")')).toEqual([]);
  });

  it('is an address as its provider does not know it: the hint names the one that is compared', () => {
    expect(ofCondition('email.address == "a.b@gmail.com"')).toEqual(["W032 did you mean 'ab@gmail.com'?"]);
    expect(ofCondition('email.address in ["A.B+x@googlemail.com"]')).toEqual(["W032 did you mean 'ab@gmail.com'?"]);
    expect(ofCondition('email.address in ["ab@gmail.com", "a.b+x@mail.example"]')).toEqual([]);
  });

  it('is no address of a list in whichever spelling, since lists compare all of one mailbox as one', () => {
    expect(ofAddressList('a.b@gmail.com')).toEqual([]);
    expect(ofAddressList('A.B@mail.example')).toEqual([]);
  });

  it('is a phone with the zero of national calls', () => {
    expect(ofCondition('phone.number == "+4407911123456"')).toEqual(["W032 did you mean '+447911123456'?"]);
    expect(ofCondition('phone.number == "+44 7911 123456"')).toEqual(["W032 did you mean '+447911123456'?"]);
    expect(ofCondition('phone.number in ["+447911123456", "+390612345678"]')).toEqual([]);
  });

  it('is a tag in what has none', () => {
    expect(ofCondition('email.mailbox == "team+shop@firm.example"')).toEqual([
      "W032 did you mean 'team@firm.example'?",
    ]);
    expect(ofCondition('email.mailbox == "team@firm.example"')).toEqual([]);
  });

  it('has capitals where lower() took them away', () => {
    expect(ofCondition('account.plan.lower() == "PRO"')).toEqual(["W032 did you mean 'pro'?"]);
    expect(ofCondition('account.plan.lower() == "pro" || account.plan == "PRO"')).toEqual([]);
  });

  it('is the type of an event that the rule does not look at', () => {
    expect(ofCondition('event.type == "api_key_used" && ip.is_vpn')).toEqual(["W007 'on' of the rule says for which"]);
    expect(
      hints({
        'example.yml': rule('event.type == "signup" && ip.is_vpn').replace('[signup]', '[signup, api_key_used]'),
      }),
    ).toEqual([]);
  });
});

describe('A text that no text of the input begins or ends with, or is found by', () => {
  it.each([
    ['email.domain == "googlemail.com"', "did you mean 'gmail.com'?"],
    ['email.address.endsWith("@googlemail.com")', "did you mean '@gmail.com'?"],
    ['email.address.endsWith("@mac.com")', "did you mean '@icloud.com'?"],
    ['email.domain.startsWith(".edu")', "did you mean 'edu'?"],
    ['email.domain.endsWith("gmail.com.")', "did you mean 'gmail.com'?"],
    ['email.registrable_domain == "cs.mit.edu"', "did you mean 'mit.edu'?"],
    ['phone.number.startsWith("1555")', "did you mean '+1555'?"],
    ['payment.bin.startsWith("457173605555")', "did you mean '45717360'?"],
    ['ip.address.startsWith("010.")', undefined],
    ['ip.address.startsWith("10.300.")', undefined],
    ['ip.prefix.endsWith("/16")', undefined],
    ['signup.prefix == "192.0.2.0/25"', undefined],
    ['email.domain.matches("^EXAMPLE")', undefined],
    ['email.domain.matches("Example")', "did you mean 'example'?"],
    ['email.domain.matches("^googlemail\\\\.com$")', undefined],
    ['phone.number.matches("^1[0-9]+$")', undefined],
  ])('is told: %s', (when, hint) => {
    expect(ofCondition(when)).toEqual([hint === undefined ? expect.stringMatching(/^W032 /) : `W032 ${hint}`]);
  });

  it.each([
    'email.domain.endsWith("googlemail.com")',
    'email.address.contains("@googlemail.com")',
    'email.address.endsWith("@gmail.com")',
    'email.domain.endsWith(".edu")',
    'email.domain.startsWith("[192")',
    'email.domain.contains(".edu.")',
    'email.registrable_domain in ["mit.edu", "foo.co.uk", "someone.github.io"]',
    'phone.number.startsWith("+1555")',
    'phone.number.endsWith("1555")',
    'payment.bin.startsWith("45717360")',
    'ip.address.startsWith("10.")',
    'ip.address.startsWith("10.0.")',
    'ip.address.startsWith("2001:db8")',
    'ip.address.startsWith("10")',
    'ip.prefix.startsWith("10.1.")',
    'ip.prefix.endsWith(".0/24")',
    'ip.prefix.endsWith("4")',
    'email.domain.matches("^(?i)EXAMPLE")',
    'email.domain.matches("^E*xample")',
    'email.domain.matches("^EXAMPLE|example")',
    'email.domain.matches("[A-Z]")',
    'email.domain.matches("^example\\\\.")',
    'email.domain.matches("X?")',
  ])('is not one that can be there: %s', (when) => expect(ofCondition(when)).toEqual([]));
});

describe('A member of a burst', () => {
  it.each(['template_burst.held_share > 1', 'template_burst.count == 2.5', 'template_burst.expected < 0'])(
    'is never what no burst has: %s',
    (when) => expect(ofCondition(when)).toEqual([expect.stringMatching(/^W007 /)]),
  );

  it.each(['template_burst.held_share > 0.5', 'template_burst.z < 0', 'template_burst.ratio > 2.5'])(
    'is what one may have: %s',
    (when) => expect(ofCondition(when)).toEqual([]),
  );
});

describe('A question that is answered before it is asked', () => {
  it('is whether there is an address on events that need one', () => {
    expect(ofCondition('has(ip.address) && ip.is_vpn')).toEqual([
      "W031 'ip.address' is never missing on signup: has() says nothing",
    ]);
    const other = rule('has(ip.address) && ip.is_vpn').replace('[signup]', '[signup, payment_method_added]');
    expect(hints({ 'example.yml': other })).toEqual([]);
  });
});
