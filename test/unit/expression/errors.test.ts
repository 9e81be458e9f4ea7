import { describe, expect, it } from '@jest/globals';
import { expressionErrors } from '../../../src/expression/error-codes.js';
import { diagnosticsOf } from '../../support/expression-scope.js';

describe('Errors of expressions', () => {
  it.each([
    ['payment.fingerprnt in lists.burned', 'E101', 'payment.fingerprnt'],
    ['email.domain in lists.burnd', 'E102', 'lists.burnd'],
    ['email.domain.startswith("a")', 'E103', 'startswith'],
    ['defualt(ip.asn, 1) > 2', 'E104', 'defualt'],
    ['has(ip.asn, 1)', 'E105', 'has(ip.asn, 1)'],
    ['ip.kind == "hoem"', 'E106', '"hoem"'],
    ['email.shape.matches(email.domain)', 'E107', 'email.domain'],
    ['!ip.asn', 'E110', 'ip.asn'],
    ['ip.asn == "64500"', 'E111', '"64500"'],
    ['ip.asn', 'E112', 'ip.asn'],
    ['1 < ip.asn < 5', 'E114', '<'],
    ['1h30m > 2', 'E121', '1h30m'],
    ['email.domain == "a', 'E122', '"a'],
    ['email.domain == "\\q"', 'E123', '\\q'],
    ['in_cidr(ip.address, "10.0.0.0/33")', 'E124', '"10.0.0.0/33"'],
    ['email.shape.matches("(")', 'E125', '"("'],
    ['ip.is_vpn ? 1 : 2', 'E140', '?'],
    ['ip.asn % 2 == 0', 'E142', '%'],
    ['ip.is_vpn and ip.is_tor', 'E144', 'and'],
    ['ip.asn = 3', 'E145', '='],
    ['ip.asn === 3', 'E146', '==='],
    ['ip.is_vpn | ip.is_tor', 'E147', '|'],
    ['ip.asn == null', 'E148', 'null'],
    ['', 'E150', ''],
    ['ip.is_vpn // why', 'E152', '//'],
    ['ip.asn > 05', 'E120', '05'],
    ['ip.asn > 00.5', 'E120', '00.5'],
    ['ip.asn < 010m', 'E121', '010m'],
    ['ip.asn < 2026-05-01', 'E153', '2026-05-01'],
    ['ip.asn < 2026-05-01T00:00:00Z', 'E153', '2026-05-01T00:00:00Z'],
    ['ip.asn >', 'E100', ''],
    ['(ip.is_vpn', 'E100', ''],
  ])('%s is %s at %p', (text, code, at) => {
    const [first] = diagnosticsOf(text);
    expect(first?.code).toBe(code);
    expect(text.slice(first?.start, first?.end)).toBe(at);
    expect(Object.keys(expressionErrors)).toContain(code);
  });

  it('reports all of several mistakes', () => {
    const found = diagnosticsOf('ip.asm > 1 && email.domian == "x" && (ip.asn = "a" || )');
    expect(found.map((error) => error.code)).toEqual(['E101', 'E101', 'E145', 'E111', 'E100']);
  });

  it('suggests the right name first', () => {
    expect(diagnosticsOf('payment.fingerprnt == "x"')[0]?.hint).toMatch(/^did you mean 'payment.fingerprint'\?/);
  });

  it.each([
    ['ip.asn == nonsense', undefined],
    ['nonsense', undefined],
    ['nonsense && true', undefined],
    ['email.domain == nonsense', 'a text stands in quotes: "nonsense"'],
    ['nonsense == email.domain', 'a text stands in quotes: "nonsense"'],
    ['email.domain.endsWith(nonsense)', 'a text stands in quotes: "nonsense"'],
  ])('speaks of quotes only where a text can stand: %s', (text, hint) =>
    expect(diagnosticsOf(text)[0]?.hint).toBe(hint),
  );

  it('keeps the bounds, each with its own code', () => {
    const deep = (levels: number) => `${'('.repeat(levels)}true${')'.repeat(levels)}`;
    expect(diagnosticsOf(deep(64))).toEqual([]);
    expect(diagnosticsOf(deep(65))[0]?.code).toBe('E131');
    const chain = (terms: number) => Array.from({ length: terms }, () => 'true').join('||');
    expect(diagnosticsOf(chain(250))).toEqual([]);
    expect(diagnosticsOf(chain(251))[0]?.code).toBe('E132');
    const list = (entries: number) => `1 in [${Array.from({ length: entries }, () => '1').join(',')}]`;
    expect(diagnosticsOf(list(256))).toEqual([]);
    expect(diagnosticsOf(list(257))[0]?.code).toBe('E133');
    expect(diagnosticsOf(`'${'x'.repeat(4096)}' == ''`)[0]?.code).toBe('E130');
    expect(diagnosticsOf(`email.shape.matches('${'x'.repeat(257)}')`)[0]?.code).toBe('E134');
  });
});
