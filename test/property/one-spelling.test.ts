import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { hashEvidence } from '../../src/http/hash-evidence.js';
import { canonicalMailbox } from '../../src/lists/canonical-mailbox.js';
import { canonicalPhone } from '../../src/lists/canonical-phone.js';
import { valueList } from '../../src/lists/named-lists.js';
import { parseEvent } from '../../src/model/parse-event.js';
import { readSignals } from '../support/signal-readings.js';

const evidenceOf = (kind: string, value: string): string | undefined => {
  const result = hashEvidence({ [kind]: value }, (type, text) => `${type}:${text}`);
  return result.ok ? result.value[kind] : undefined;
};
const listOf = (value: string) => valueList({ name: 'burned', source: '', date: '' }, [value]);

/** A mobile number of every country; with a zero before it in national calls, or without. */
const numbers = getCountries().flatMap((country) => {
  const example = getExampleNumber(country, examples);
  if (!example?.isValid()) return [];
  const { number, countryCallingCode: code, nationalNumber: national } = example;
  const hasZero = /^\(?0/.test(example.formatNational()) && !national.startsWith('0');
  return [{ country, number, code, national, hasZero }];
});

describe('the spellings of one phone', () => {
  it('hash alike in events and in evidence, and are found in lists, whatever the country', () => {
    const one = fc.constantFrom(...numbers.filter(({ hasZero }) => hasZero));
    const gaps = fc.array(fc.constantFrom('', '', ' ', '-', '.'), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(one, gaps, fc.boolean(), ({ number, code, national }, between, isPrefixed) => {
        const plain = `+${code}${isPrefixed ? '0' : ''}${national}`;
        const spaced = [...plain].map((digit, at) => (at < 2 ? '' : (between[at % 16] ?? '')) + digit).join('');
        const signal = readSignals({ event: { phone: { number: plain } } })['phone.number'];
        expect(signal).toBe(number);
        expect(evidenceOf('phone', spaced)).toBe(`phone.number:${number}`);
        expect(listOf(spaced).has(number)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each(numbers)('leave a number of $country as it is that is written as its plan has it', ({ number }) => {
    expect(canonicalPhone(number)).toBe(number);
  });

  it('come to a text that stays as it is, and are all taken by events', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{4,14}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const canonical = canonicalPhone(`+${text}`);
        expect(canonical).toMatch(/^\+[1-9][0-9]{4,14}$/);
        expect(canonicalPhone(canonical ?? '')).toBe(canonical);
        const event = {
          type: 'signup',
          event_id: 'e',
          account: { id: 'a' },
          ip: '192.0.2.1',
          phone: { number: `+${text}` },
        };
        expect(parseEvent(event).ok).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the spellings of one mailbox', () => {
  const domains = fc.constantFrom(
    'gmail.com',
    'googlemail.com',
    'proton.me',
    'me.com',
    'ya.ru',
    'yahoo.fr',
    'firm.example',
  );
  const wide = (text: string): string =>
    [...text]
      .map((letter) => (/[!-~]/.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter))
      .join('');

  it('hash alike in events and in evidence, and are found in lists', () => {
    const locals = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(?:[._-][a-z0-9]{1,6}){0,2}(?:\+[a-z]{1,4})?$/);
    fc.assert(
      fc.property(locals, domains, (local, domain) => {
        const canonical = canonicalMailbox(`${local}@${domain}`);
        expect(canonicalMailbox(canonical ?? '')).toBe(canonical);
        const spellings = [
          `${local.toUpperCase()}@${domain}.`,
          `${local}@${domain.replaceAll('.', '。')}`,
          `${wide(local)}@${wide(domain)}`,
          `"${local}"@${domain}`,
          `${local[0]}\u200b${local.slice(1)}@${domain}`,
        ];
        for (const address of spellings) {
          expect(readSignals({ event: { email: { address } } })['email.address']).toBe(canonical);
          expect(evidenceOf('email', address)).toBe(`email.address:${canonical}`);
          expect(listOf(address).has(canonical ?? '')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
