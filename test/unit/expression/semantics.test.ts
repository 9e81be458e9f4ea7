import { describe, expect, it } from '@jest/globals';
import { conditionSet } from '../../../src/expression/condition-set.js';
import { finishSteps } from '../../../src/model/steps.js';
import { Unavailable } from '../../../src/model/value.js';
import { check, evaluate, slotsOf, testScope } from '../../support/expression-scope.js';

const down = new Unavailable('store_down');

describe('Values of expressions', () => {
  it.each([
    ['1 + 2 * 3 == 7', true],
    ['10m', 600],
    ['-(2 - 5)', 3],
    ['2 - 3 - 4', -5],
    ['1 / 0 > 1', undefined],
    ['log2(8)', 3],
    ['log2(0)', undefined],
    ['min(1, 2) + max(1, 2)', 3],
    ["'a' in ['a', \"b\"]", true],
    ['1 in []', false],
    ['"\\U0001F600".size()', 1],
    ["'\\x41\\u0042\\103' == 'ABC'", true],
    ["r'\\d' == '\\\\d'", true],
    ["'\\uFFFD' < '\\U0001F600'", true],
    ["'ÄB'.lower() == 'äb'", true],
    ["'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')", true],
    ["'xaax'.matches('a+')", true],
  ])('%s is %p', (text, expected) => expect(evaluate(text)).toBe(expected));

  it.each([
    ['ip.asn > 3', {}, undefined],
    ['ip.asn != 3', {}, undefined],
    ['ip.asn > 3 && false', {}, false],
    ['false && ip.asn > 3', {}, false],
    ['ip.asn > 3 || true', {}, true],
    ['!(ip.asn > 3)', {}, undefined],
    ['ip.is_vpn', { 'ip.is_vpn': true }, true],
    ['!ip.is_vpn', {}, undefined],
    ['has(ip.asn)', {}, false],
    ['has(ip.asn)', { 'ip.asn': 0 }, true],
    ['has(ip.asn)', { 'ip.asn': down }, down],
    ['default(ip.asn, 7)', {}, 7],
    ['default(ip.asn, 7)', { 'ip.asn': down }, down],
    ['default(ip.is_vpn || ip.is_tor, false)', { 'ip.is_tor': down }, down],
    ['ip.asn in []', {}, undefined],
    ['ip.asn > 1', { 'ip.asn': Number.POSITIVE_INFINITY }, undefined],
    ['ip.asn in lists.hosting_asns', { 'ip.asn': 64500 }, true],
    ['in_list(email.domain, lists.burned)', { 'email.domain': 'good.example' }, false],
    ['in_cidr(ip.address, "10.0.0.0/8")', { 'ip.address': '::ffff:10.1.2.3' }, true],
    ['in_cidr(ip.address, "::/0")', { 'ip.address': '10.1.2.3' }, false],
    ['template_burst.z >= 8', { 'template_burst.z': 8 }, true],
    ["email.shape.matches('b')", { 'email.shape': `${'a'.repeat(512)}b` }, false],
  ])('%s given %p is %p', (text, given, expected) => expect(evaluate(text, given)).toBe(expected));

  it('sees a predicate as its expression, and what it reads through it', () => {
    const scope = testScope({ anonymous: 'ip.is_vpn || ip.is_tor', risky: 'anonymous && accounts_per_card > 2' });
    const expression = check('!risky', scope);
    expect(expression.reads.map((input) => input.name)).toEqual(['ip.is_vpn', 'ip.is_tor', 'accounts_per_card']);
    expect(expression.predicates).toEqual(['risky', 'anonymous']);
    expect(evaluate('risky', { 'ip.is_tor': true, accounts_per_card: 3 }, scope)).toBe(true);
  });

  it('names the leaves without the parentheses around them', () => {
    const leaves = check('(ip.asn > 3 || !(ip.is_vpn)) && (email.domain in lists.burned)').leaves;
    expect(leaves.map((leaf) => leaf.text)).toEqual(['ip.asn > 3', 'ip.is_vpn', 'email.domain in lists.burned']);
  });

  it('visits exactly the true conditions of a set', () => {
    const texts = ['ip.asn > 3', 'ip.asn < 3', 'ip.is_vpn', 'has(email.domain)', 'true'];
    const set = finishSteps(conditionSet(texts.map((text) => check(text))));
    const seen: number[] = [];
    set.evaluate(slotsOf({ 'ip.asn': 5 }), (index) => seen.push(index));
    expect(seen).toEqual([0, 4]);
    expect([set.resultOf(1, slotsOf({ 'ip.asn': 5 })), set.resultOf(2, slotsOf({}))]).toEqual([false, undefined]);
  });

  it('finds conditions over a number that is not finite as it finds those over an absent one', () => {
    const texts = ['!has(ip.asn)', 'default(ip.asn, 3) < 4', 'ip.asn > 0'];
    const set = finishSteps(conditionSet(texts.map((text) => check(text))));
    const seen: number[] = [];
    set.evaluate(slotsOf({ 'ip.asn': Number.POSITIVE_INFINITY }), (index) => seen.push(index));
    expect(seen).toEqual([0, 1]);
  });
});
