import { beforeEach, describe, expect, it } from '@jest/globals';
import { keyOf } from '../../../src/evaluate/list-desk.js';
import { memoryIntegrations } from '../../support/memory-integrations.js';

const now = Date.parse('2026-11-21T12:00:00Z');
let desk: ReturnType<typeof memoryIntegrations>['lists'];
beforeEach(() => {
  desk = memoryIntegrations({ now: () => now }).lists;
});
const add = (list: string, value: string, more: { expiresAt?: number } = {}) =>
  desk.add({ list, value, reason: 'why', expiresAt: null, actor: 'key_author', now, ...more });

describe('the desk for lists', () => {
  it('tells of each list what it holds, who reads it and whether two are needed', async () => {
    await add('burned', '198.51.100.7');
    await add('trusted', 'lab.example');
    const found = new Map((await desk.all(now)).map((list) => [list.name, list]));
    expect(found.get('burned')).toEqual({
      name: 'burned',
      kind: 'cidr',
      size: 2,
      added: 1,
      pending: 0,
      file: 'lists/burned.txt',
      source: 'us',
      date: '2026-05-01',
      fourEyes: false,
      readBy: ['burned-address'],
    });
    expect(found.get('trusted')).toMatchObject({ added: 0, pending: 1, size: 1, fourEyes: true });
    expect(found.get('tor')).toMatchObject({ kind: 'cidr', file: null, size: 0, readBy: [] });
  });

  it('takes one value in many spellings for one', async () => {
    expect(keyOf(' Fp_A ', 'value')).toBe('fp_a');
    expect(keyOf('Bücher.example', 'value')).toBe(keyOf('xn--bcher-kva.example', 'value'));
    expect(keyOf('192.0.2.77/24', 'cidr')).toBe('192.0.2.0/24');
    expect(keyOf('::ffff:192.0.2.1', 'cidr')).toBe('192.0.2.1/32');
    expect(keyOf('2001:DB8:0::1', 'cidr')).toBe('2001:db8::1/128');
    expect(keyOf('64500', 'asn')).toBe('AS64500');
    expect([keyOf('192.0.2.0/33', 'cidr'), keyOf('a\nb', 'value'), keyOf(' ', 'value'), keyOf('AS', 'asn')]).toEqual(
      Array(4).fill(undefined),
    );
    expect((await add('burned', '192.0.2.5/24')).ok).toBe(false);
    expect((await add('burned', '203.0.113.9')).ok).toBe(true);
    expect(await add('burned', '::ffff:203.0.113.9')).toMatchObject({ error: { code: 'conflict' } });
    expect(await add('disposable_domains', 'bücher.example')).toMatchObject({ value: { value: 'bücher.example' } });
    expect(await add('disposable_domains', 'xn--bcher-kva.example')).toMatchObject({ error: { code: 'conflict' } });
    const by = { actor: 'key_author', now };
    expect((await desk.remove('disposable_domains', 'XN--bcher-kva.example', by)).ok).toBe(true);
    expect((await desk.remove('disposable_domains', 'bücher.example', by)).ok).toBe(false);
  });

  it.each([
    'a b',
    `${'a'.repeat(300)}.example`,
    'x@mail.example',
    'mail..example',
    '.example',
    'mail.example.',
    '*.example',
  ])('refuses what no domain of mail can be: %s', async (value) => {
    expect(await add('disposable_domains', value)).toMatchObject({
      error: { code: 'invalid', errors: [{ pointer: '/value', detail: expect.stringContaining('mail.example') }] },
    });
  });

  it.each(['mail.example', 'Bücher.example', 'tk', 'a_b.example'])('takes a domain of mail: %s', async (value) => {
    expect((await add('relay_mail', value)).ok).toBe(true);
  });

  it('takes the spellings of a mailbox and of a phone for one', async () => {
    expect(keyOf('John.Doe+1@googlemail.com', 'value')).toBe('johndoe@gmail.com');
    expect(keyOf('eve@mail.example.', 'value')).toBe('eve@mail.example');
    expect(keyOf('mail.example.', 'value')).toBe('mail.example.');
    expect(keyOf('+44 (0)7911 123456', 'value')).toBe('+447911123456');
    expect([keyOf('@handle', 'value'), keyOf('At @ Home', 'value'), keyOf('+1', 'value')]).toEqual([
      '@handle',
      'at @ home',
      '+1',
    ]);
    expect((await add('people', 'john.doe@gmail.com')).ok).toBe(true);
    expect(await add('people', 'johndoe@googlemail.com')).toMatchObject({ error: { code: 'conflict' } });
    expect((await desk.remove('people', 'JohnDoe@gmail.com', { actor: 'key_author', now })).ok).toBe(true);
  });

  it('finds entries of earlier versions, which kept each spelling by itself', async () => {
    const { lists, listEntries } = memoryIntegrations({ now: () => now });
    const kept = await lists.add({
      list: 'people',
      value: 'john.doe@gmail.com',
      reason: 'why',
      expiresAt: null,
      actor: 'a',
      now,
    });
    if (!kept.ok) throw new Error('refused');
    await listEntries.remove('people', 'johndoe@gmail.com', { actor: 'a', now });
    await listEntries.add({ ...kept.value, key: 'john.doe@gmail.com' });
    expect((await lists.remove('people', 'John.Doe@gmail.com', { actor: 'a', now })).ok).toBe(true);
  });

  it.each(['0.0.0.0/0', '10.0.0.0/7', '::/0', '2000::/3', '2001::/15', '::ffff:0.0.0.0/97'])(
    'refuses a range that takes in too much of the internet: %s',
    async (value) => {
      expect(await add('burned', value)).toMatchObject({
        error: { code: 'invalid', errors: [{ pointer: '/value', detail: expect.stringContaining('/8 or longer') }] },
      });
    },
  );

  it.each(['11.0.0.0/8', '2001::/16', '::ffff:11.0.0.0/104'])('takes a wide one: %s', async (value) => {
    expect((await add('burned', value)).ok).toBe(true);
  });

  it('says where the file has what cannot be removed here', async () => {
    const removed = await desk.remove('burned', '192.0.2.0/24', { actor: 'key_author', now });
    expect(removed).toMatchObject({
      error: { code: 'conflict', detail: expect.stringContaining('lists/burned.txt:4') },
    });
    // An address that a range holds is no entry.
    expect(await desk.remove('burned', '192.0.2.9', { actor: 'key_author', now })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('refuses an end that has passed, and lists that are not there', async () => {
    expect(await add('burned', '198.51.100.8', { expiresAt: now })).toMatchObject({
      error: { code: 'invalid', errors: [{ pointer: '/expires_at' }] },
    });
    expect(await add('nowhere', 'x')).toMatchObject({ error: { code: 'not_found' } });
  });

  it("pages through the file's entries", () => {
    const page = desk.ofFile({ list: 'burned', limit: 1, now });
    expect(page).toMatchObject({ value: { entries: [{ value: '192.0.2.0/24', line: 4 }], nextCursor: null } });
    expect(desk.ofFile({ list: 'tor', limit: 1, now })).toMatchObject({ value: { entries: [] } });
  });
});
