import { domainToASCII } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { hasDomain } from '../../../src/lists/named-lists.js';
import { parseListFile } from '../../../src/lists/parse-list-file.js';
import type { NamedList } from '../../../src/model/list.js';

function list(text: string): NamedList {
  const parsed = parseListFile('trial', text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function problems(text: string) {
  const parsed = parseListFile('trial', text);
  return parsed.ok ? [] : parsed.error;
}

describe('parseListFile', () => {
  it('reads source and date from the header, with a byte order mark and Windows line ends', () => {
    const parsed = list('\uFEFF# source: our own\r\n# date: 2026-11-01\r\n\r\nexample.com\r\n');
    expect(parsed).toMatchObject({ source: 'our own', date: '2026-11-01', kind: 'value', size: 1 });
    expect(parsed.has('Example.COM ')).toBe(true);
  });

  it.each(['AS4294967296', 'AS-1', 'as+1'])('takes %s for a wrong AS number, and not for a text', (entry) => {
    const message = `expected an AS number such as AS64500, not '${entry}'`;
    expect(problems(`${entry}\n`)).toEqual([{ line: 1, column: 1, message }]);
    expect(problems(`# type: value\n${entry}\n`)).toEqual([]);
  });

  it('takes no entry with a control character', () => {
    const message = 'the entry holds a control character';
    expect(problems('mail.example\n a\0b\nc\u0085d\n')).toEqual([
      { line: 2, column: 2, message },
      { line: 3, column: 1, message },
    ]);
  });

  it('infers ranges from the entries and matches addresses of both families', () => {
    const parsed = list('192.0.2.0/24 # documentation\n2001:db8::/32\n198.51.100.7\n');
    expect(parsed).toMatchObject({ kind: 'cidr', size: 3 });
    expect(parsed.has('192.0.2.255')).toBe(true);
    expect(parsed.has('::ffff:192.0.2.1')).toBe(true);
    expect(parsed.has('192.0.3.0')).toBe(false);
    expect(parsed.has('2001:db8:ffff::1')).toBe(true);
    expect(parsed.has('198.51.100.7')).toBe(true);
    expect(parsed.has('198.51.100.8')).toBe(false);
    expect(parsed.has('no address')).toBe(false);
    expect(parsed.has(5)).toBe(false);
  });

  it('infers AS numbers and matches them as numbers and as text', () => {
    const parsed = list('AS64500\nas64501 # two\n');
    expect(parsed.kind).toBe('asn');
    expect([64500, 'AS64501', 64502].map((value) => parsed.has(value))).toEqual([true, true, false]);
  });

  it('takes bare numbers as AS numbers when the header says so', () => {
    expect(list('# type: asn\n64500\n').has(64500)).toBe(true);
    expect(list('64500\n')).toMatchObject({ kind: 'value' });
  });

  it('takes addresses as values when the header says so', () => {
    expect(list('# type: value\n192.0.2.1\n')).toMatchObject({ kind: 'value', size: 1 });
  });

  it('says where a wrong entry stands and what was expected', () => {
    expect(problems('# source: x\n192.0.2.0/24\n  192.0.2.0/33\nhello\n')).toEqual([
      { line: 3, column: 3, message: "expected an address or a range such as 192.0.2.0/24, not '192.0.2.0/33'" },
      { line: 4, column: 1, message: "expected an address or a range such as 192.0.2.0/24, not 'hello'" },
    ]);
  });

  it('does not take a slip in the first range for a list of values', () => {
    expect(problems('192.0.2.0/33\n192.0.2.0/24\n')).toHaveLength(1);
  });

  it('refuses an unknown type and points at it', () => {
    expect(problems('# type: ranges\n')).toEqual([
      {
        line: 1,
        column: 9,
        message: "expected type value, cidr or asn, not 'ranges'",
        allowed: ['value', 'cidr', 'asn'],
      },
    ]);
  });

  it('reads an empty file as an empty list', () => {
    expect(list('# source: nobody yet\n')).toMatchObject({ size: 0 });
  });

  it('keeps a # that is part of a value', () => {
    expect(list('a#b # comment\n').has('a#b')).toBe(true);
  });
});

describe('a domain in a list', () => {
  const unicode = 'bücher.example';
  const ascii = 'xn--bcher-kva.example';
  it.each([unicode, ascii, 'BÜCHER.example', 'bu\u0308cher。example', 'XN--BCHER-KVA.example'])(
    'is the same in letters and in ASCII: %s',
    (written) => {
      const domains = list(`${written}\n`);
      for (const asked of [unicode, ascii, 'Bücher.Example']) expect(domains.has(asked)).toBe(true);
      expect(hasDomain(domains, `mail.${ascii}`)).toBe(true);
      expect(domains.has('bucher.example')).toBe(false);
    },
  );

  it('is counted once in both spellings', () => {
    expect(list(`${unicode}\n${ascii}\n`).size).toBe(1);
  });

  it.each([
    'bücher',
    'anna@bücher.example',
    'bücher.example/a',
    'bücher ag. köln',
    'fp_ü.1',
    '€5.00',
    'bücher..example',
  ])('is no other value with letters beyond ASCII: %s', (value) => {
    const values = list(`${value}\n`);
    expect(values.has(value.toUpperCase())).toBe(true);
    expect(values.has(domainToASCII(value))).toBe(false);
  });
});

describe('hasDomain', () => {
  it('finds a domain by its listed parent, and not by a name that only ends alike', () => {
    const disposable = list('tempmail.example\n');
    expect(hasDomain(disposable, 'tempmail.example')).toBe(true);
    expect(hasDomain(disposable, 'a.mail.tempmail.example')).toBe(true);
    expect(hasDomain(disposable, 'nottempmail.example')).toBe(false);
    expect(hasDomain(disposable, 'example')).toBe(false);
  });
});
