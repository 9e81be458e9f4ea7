import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEvent } from '../../../src/model/parse-event.js';
import type { Problem } from '../../../src/model/problem.js';

const visa = '4111111111111111';
const base = { type: 'signup', event_id: 'evt_1', account: { id: 'acct_1' }, ip: '203.0.113.7' };

function refusal(body: unknown): Problem {
  const parsed = parseEvent(body);
  if (parsed.ok) throw new Error('expected a refusal');
  return parsed.error;
}
const errorsOf = (body: unknown) => refusal(body).errors ?? [];

describe('an event that does not fit', () => {
  it('names every unknown key with its own pointer and the right name for a typo', () => {
    const errors = errorsOf({ ...base, user_agnet: 'x', 'a/b~c': 1, device: { fingerprnt: 'fp', zzz: 1 } });
    expect(errors).toContainEqual({ pointer: '/user_agnet', detail: 'unknown key; did you mean "user_agent"?' });
    expect(errors).toContainEqual({ pointer: '/a~1b~0c', detail: 'unknown key' });
    expect(errors).toContainEqual({
      pointer: '/device/fingerprnt',
      detail: 'unknown key; did you mean "fingerprint"?',
    });
    expect(errors).toContainEqual({ pointer: '/device/zzz', detail: 'unknown key' });
  });

  it('says what was expected and what came, without the value', () => {
    const errors = errorsOf({ ...base, email: { address: 'secret.person', verified: 'yes' }, phone: null });
    expect(errors).toContainEqual({ pointer: '/email/verified', detail: 'expected a boolean, got a string' });
    expect(errors).toContainEqual({
      pointer: '/email/address',
      detail: 'expected an address such as "name@mail.example"',
    });
    expect(errors).toContainEqual({ pointer: '/phone', detail: 'expected an object, got null' });
    expect(JSON.stringify(errors)).not.toContain('secret.person');
  });

  it.each([{}, { ...base, type: 'login' }, { ...base, type: 7 }])('asks for a known type: %j', (body) => {
    const [error, ...others] = errorsOf(body);
    expect(others).toEqual([]);
    expect(error?.pointer).toBe('/type');
    expect(error?.detail).toContain('"signup", "payment_method_added", "api_key_created", "api_key_used"');
  });

  it('answers with the errors of the type that it is', () => {
    expect(errorsOf({ ...base, type: 'api_key_created' })).toEqual([
      { pointer: '/api_key', detail: 'required: expected an object' },
    ]);
    expect(errorsOf({ ...base, usage: {} })).toEqual([{ pointer: '/usage', detail: 'unknown key' }]);
    const { ip: _, ...withoutIp } = base;
    expect(errorsOf(withoutIp).map((error) => error.pointer)).toEqual(['/ip']);
    expect(parseEvent({ ...withoutIp, type: 'payment_method_added' }).ok).toBe(true);
  });

  it('refuses what PostgreSQL cannot store, and depth beyond eight levels', () => {
    expect(errorsOf({ ...base, custom: { note: 'a\0b' } })[0]?.pointer).toBe('/custom/note');
    expect(errorsOf({ ...base, custom: { note: '\ud800' } })[0]?.pointer).toBe('/custom/note');
    expect(parseEvent({ ...base, custom: { a: [[[[[[]]]]]] } }).ok).toBe(true);
    expect(refusal({ ...base, custom: { a: [[[[[[[]]]]]]] } }).code).toBe('invalid');
    expect(refusal(JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).code).toBe('invalid');
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00+00:01',
    '9000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '9999-12-31T23:59:59+23:59',
    '9999-12-31T23:59:59-12:00',
  ])('tells no time that nothing could store: %s', (occurred_at) => {
    const detail = 'expected a time of the years 1970 to 8999';
    expect(errorsOf({ ...base, occurred_at })).toEqual([{ pointer: '/occurred_at', detail }]);
  });

  it.each(['1970-01-01T00:00:00Z', '1969-12-31T23:00:00-01:00', '8999-12-31T23:59:59.999Z'])(
    'may tell any other time: %s',
    (occurred_at) => expect(parseEvent({ ...base, occurred_at }).ok).toBe(true),
  );

  it.each(['2026-05-01t12:00:00z', '2026-05-01t12:00:00.5+02:00'])(
    'may write a time in small letters: %s',
    (occurred_at) => {
      expect(parseEvent({ ...base, occurred_at }).ok).toBe(true);
    },
  );

  it('says that a leap second is not taken', () => {
    const detail = 'a leap second (:60) is not taken: send the second before or after it';
    expect(errorsOf({ ...base, occurred_at: '2016-12-31T23:59:60Z' })).toEqual([{ pointer: '/occurred_at', detail }]);
  });

  it.each([
    ['/custom/x', '{"x":1e400}'],
    ['/custom/x/y/1', '{"x":{"y":[1,-1e400]}}'],
  ])('says where a number is too large: %s', (pointer, custom) => {
    const detail = 'the number is too large to be counted with';
    expect(errorsOf({ ...base, custom: JSON.parse(custom) })).toEqual([{ pointer, detail }]);
  });

  it.each(['john doe@x.example', 'a@b@x.example', ' @x.example', '""@x.example', '\u200b@x.example'])(
    'says of a mailbox what is wrong before the @: %j',
    (address) => {
      const detail = 'expected one @ and no spaces before it, or a local part in quotes';
      expect(errorsOf({ ...base, email: { address } })).toEqual([{ pointer: '/email/address', detail }]);
    },
  );

  it.each([
    'a@.',
    'a@...',
    'a@x..example',
    'a@\u202eexample.com',
    'a@[1.2.3]',
    'a@[2001:db8::1]',
    'a@1.2.3.999',
    'a@xn--a',
    'a@x/y',
    'a@x:25',
  ])('says of a mailbox that there is no domain: %j', (address) => {
    const detail = 'expected a domain behind the @, or an address literal such as [192.0.2.1]';
    expect(errorsOf({ ...base, email: { address } })).toEqual([{ pointer: '/email/address', detail }]);
  });

  it.each([
    '"a b"@x.example',
    '"a@b"@x.example',
    '"a\\"b"@x.example',
    'a@[192.0.2.1]',
    'a@[IPv6:2001:db8::1]',
    'a@x.example.',
    'a@bücher.example',
    'a@xn--bcher-kva.example',
    'a@localhost',
    'a@under_score.example',
    "o'hara+x@x.example",
    'é\u200b@x.example',
  ])('may name any other mailbox: %j', (address) => {
    expect(parseEvent({ ...base, email: { address } }).ok).toBe(true);
  });

  it('says one thing of a time that is none', () => {
    const detail = 'expected an RFC 3339 time, such as "2026-05-01T12:00:00Z"';
    expect(errorsOf({ ...base, occurred_at: 'yesterday' })).toEqual([{ pointer: '/occurred_at', detail }]);
  });

  it.each(['.', '..', ' a', 'a ', '\ta', 'a\u00a0', 'a\nb', 'a\x7fb', 'a\u0085b'])(
    'has no id that a header or a path would lose or change: %j',
    (id) => {
      const detail = 'expected an id without control characters and blanks at its ends, and not "." or ".."';
      expect(errorsOf({ ...base, account: { id } })).toEqual([{ pointer: '/account/id', detail }]);
      expect(errorsOf({ ...base, api_key: { id } })).toEqual([{ pointer: '/api_key/id', detail }]);
    },
  );

  it.each(['...', '.a', 'a b', 'a/b', 'zoë', '😀', 'a'])('may have any other id: %j', (id) => {
    expect(parseEvent({ ...base, account: { id }, api_key: { id } }).ok).toBe(true);
  });

  it('has no number of a country whose code begins with zero', () => {
    expect(errorsOf({ ...base, phone: { number: '+0123456' } })).toEqual([
      { pointer: '/phone/number', detail: 'expected E.164, such as "+15551234567"' },
    ]);
  });

  it.each([
    ['/custom/__proto__', '"custom":{"__proto__":1}'],
    ['/custom/a/0/__proto__', '"custom":{"a":[{"__proto__":{}}]}'],
    ['/__proto__', '"__proto__":null'],
  ])('is not stored without the key that it had: %s', (pointer, member) => {
    const body: unknown = JSON.parse(`${JSON.stringify(base).slice(0, -1)},${member}}`);
    expect(errorsOf(body)).toContainEqual({ pointer, detail: 'a key of this name is not allowed' });
  });

  it.each([null, 1, 'x', [], true])('is never a throw: %j', (body) => {
    expect(refusal(body).code).toBe('invalid');
  });

  it('never throws for any JSON value', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => parseEvent(body).ok === false));
  });
});

describe('a card number', () => {
  const places: [string, unknown][] = [
    ['/custom/note', { custom: { note: `pay with ${visa} please` } }],
    ['/custom/note', { custom: { note: '4111 1111 1111 1111' } }],
    ['/custom/note', { custom: { note: '4111-1111-1111-1111 12/29' } }],
    ['/custom/list/1', { custom: { list: ['a', visa] } }],
    ['/custom', { custom: { [visa]: 1 } }],
    ['/custom/n', { custom: { n: 4111111111111111 } }],
    ['/email/address', { email: { address: `${visa}@x.example` } }],
    ['/account/organization', { account: { id: 'a', organization: visa } }],
    ['/phone/number', { phone: { number: visa } }],
    ['/payment/bin', { payment: { bin: visa } }],
    ['/pan', { pan: visa }],
    ['', { [visa]: 'x' }],
    ['/payment/fingerprint', { payment: { fingerprint: visa } }],
    ['/device/fingerprint', { device: { fingerprint: '4111 1111-1111 1111' } }],
    ['/custom/note', { custom: { note: '٤١١١١١١١١١١١١١١١' } }],
    ['/custom/note', { custom: { note: '४१११ ११११ ११११ ११११' } }],
    ['/custom/note', { custom: { note: '４１１１-１１１１-１１１１-１１１１' } }],
    ['/custom/note', { custom: { note: '𑁪𑁧𑁧𑁧11111111𑁧𑁧𑁧𑁧' } }],
    ['/payment/fingerprint', { payment: { fingerprint: '٤١١١ ١١١١ ١١١١ ١١١١' } }],
    ['/payment/fingerprint', { payment: { fingerprint: '4111\u200b1111\u00ad1111\u20601111' } }],
    ['/custom/note', { custom: { note: '4111\u22121111\u22121111\u22121111' } }],
    ['/custom/note', { custom: { note: '4111 \u200b-\u00ad 1111\ufe0f1111\u200d1111' } }],
    ['/custom/note', { custom: { note: `4\ufe0f\u20e3${'1\ufe0f\u20e3'.repeat(15)}` } }],
    ['/custom/note', { custom: { note: `４١१¹${'1\u2796'.repeat(8)}¹₁①𝟏` } }],
    ['/custom/note', { custom: { note: `${visa}${'a'.repeat(16)}` } }],
    ['/custom/note', { custom: { note: `${'f'.repeat(16)}${visa}${'e'.repeat(16)}` } }],
  ];
  it.each(places)('is refused at %s, by pointer and without the value', (pointer, more) => {
    const problem = refusal({ ...base, ...(more as object) });
    expect(problem.code).toBe('card_number_rejected');
    expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect(JSON.stringify(problem)).not.toContain('1111');
  });

  it('outranks every other error', () => {
    expect(refusal({ nonsense: 1, deep: [[[[[[[[[[visa]]]]]]]]]] }).code).toBe('card_number_rejected');
  });

  it.each([
    { event_id: visa, account: { id: visa }, user_agent: visa },
    { api_key: { id: visa } },
    { device: { fingerprint: `fp_${visa}`, ja4: visa }, payment: { fingerprint: `${visa}a7` } },
    { device: { fingerprint: '4111111111111112' }, payment: { fingerprint: '41111111111111111111' } },
    { phone: { number: '+4915112345675' } },
    { custom: { note: '4111111111111112', at: 1746100800000, trace: '41111111-1111-1111-0000-000000000000' } },
    { custom: { note: '٤١١١١١١١١١١١١١١٢' } },
    { custom: { digest: `${'a1b2'.repeat(6)}c${visa}` } },
  ])('is not seen in ids, the user agent, ja4 and international phone numbers: %j', (more) => {
    expect(parseEvent({ ...base, ...more })).toMatchObject({ ok: true });
  });

  it('is seen in no digest: digits and letters are mixed there', () => {
    const bits = fc.uint8Array({ minLength: 16, maxLength: 64 });
    const digest = bits.map((bytes) => Buffer.from(bytes).toString('hex'));
    // Bytes that shrink to zeros are no digest that anything makes.
    const mixed = digest.filter((hex) => /[a-f][0-9]+[a-f]+[0-9]|[0-9][a-f]+[0-9]+[a-f]/.test(hex));
    fc.assert(
      fc.property(mixed, (hex) => parseEvent({ ...base, custom: { hex } }).ok),
      { numRuns: 2000 },
    );
  });

  it('is found however it is grouped', () => {
    const digits = fc.constantFrom('4111111111111111', '378282246310005', '6304000000000000', '4222222222222');
    fc.assert(
      fc.property(
        digits,
        fc.array(fc.constantFrom('', '', ' ', '-', '\u200b', '\u2212', '\u00ad '), { minLength: 19, maxLength: 19 }),
        (card, gaps) => {
          const written = [...card].map((digit, index) => (index === 0 ? '' : gaps[index]) + digit).join('');
          return !parseEvent({ ...base, custom: { note: `no. ${written}.` } }).ok;
        },
      ),
    );
  });
});
