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

describe('A question that is answered before it is asked', () => {
  it('is whether there is an address on events that need one', () => {
    expect(ofCondition('has(ip.address) && ip.is_vpn')).toEqual([
      "W031 'ip.address' is never missing on signup: has() says nothing",
    ]);
    const other = rule('has(ip.address) && ip.is_vpn').replace('[signup]', '[signup, payment_method_added]');
    expect(hints({ 'example.yml': other })).toEqual([]);
  });
});
