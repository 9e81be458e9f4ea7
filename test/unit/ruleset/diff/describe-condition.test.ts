import { describe, expect, it } from '@jest/globals';
import { conditionForm } from '../../../../src/ruleset/diff/condition-form.js';
import { describeCondition } from '../../../../src/ruleset/diff/describe-condition.js';
import { check } from '../../../support/expression-scope.js';

const formOf = (text: string) => conditionForm(check(text), { opened: true, rename: (name) => name });
const said = (before: string, after: string): readonly string[] =>
  describeCondition(formOf(before), formOf(after), () => '');

describe('A condition joined otherwise', () => {
  it.each([
    [
      'ip.is_vpn || ip.is_tor',
      'ip.is_vpn && ip.is_tor',
      ['only when all of `ip.is_vpn`, `ip.is_tor` hold, no longer when one does'],
    ],
    [
      'ip.is_vpn && ip.is_tor',
      'ip.is_vpn || ip.is_tor',
      ['when one of `ip.is_vpn`, `ip.is_tor` holds, no longer only when all do'],
    ],
    [
      '(ip.is_vpn || ip.is_tor) && ip.asn > 3',
      'ip.is_vpn && ip.is_tor && ip.asn > 3',
      ['only when all of `ip.is_vpn`, `ip.is_tor` hold, no longer when one does'],
    ],
    [
      '(ip.is_vpn || ip.is_tor) && ip.asn > 3',
      'ip.is_vpn && ip.asn > 3',
      ['no longer when `ip.is_tor` (within `ip.is_vpn`)'],
    ],
  ])('is told once: %s to %s', (before, after, phrases) => expect(said(before, after)).toEqual(phrases));
});
