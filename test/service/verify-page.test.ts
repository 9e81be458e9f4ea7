import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MakeAppeal } from '../../src/cases/appeal.js';
import { createVerifyMount } from '../../src/http/verify/verify-mount.js';
import { problem } from '../../src/model/problem.js';
import { err } from '../../src/model/result.js';
import { createLogger } from '../../src/telemetry/logger.js';
import type { DeskView } from '../../src/verification/verification-desk.js';
import { createVerificationLinks } from '../../src/verification/verification-link.js';
import { startHttp } from '../support/http-fixture.js';

type HttpApi = Awaited<ReturnType<typeof startHttp>>;

const held: DeskView = {
  state: 'held',
  methods: [
    { method: 'email', state: 'here' },
    { method: 'phone', state: 'there', url: 'https://checks.example/"><script>alert(1)</script>' },
    { method: 'document', state: 'spent' },
    { method: 'business', state: 'waiting' },
  ],
  email: '<img src=x onerror=alert(1)>•••@m•••.example',
  appeal: 'possible',
};

const clock = { at: Date.parse('2026-11-21T12:00:00Z'), now: () => clock.at };
const links = createVerificationLinks('a secret');
const { token } = links.issue('acct_1', clock.at);
const entered: string[] = [];
const appeals: MakeAppeal[] = [];
const lines: string[] = [];
const state: { view: DeskView; fails: boolean } = { view: held, fails: false };

const mount = createVerifyMount({
  links,
  clock,
  log: createLogger({ level: 'debug', destination: { write: (line: string) => lines.push(line) } }),
  desk: {
    view: async () => (state.fails ? Promise.reject(new Error('no store')) : state.view),
    sendCode: async () => 'sent',
    enterCode: async (_accountId, code) => (entered.push(code) > 0 ? 'wrong' : 'none'),
  },
  appeals: { make: async (appeal) => (appeals.push(appeal) > 0 ? err(problem('conflict')) : err(problem('conflict'))) },
});
let base = '';
let api: HttpApi;
beforeAll(async () => {
  api = await startHttp({ mounts: { '/verify': mount }, trustedProxies: 1 });
  base = `${api.base}/verify`;
});
afterAll(() => api.close());

const formKey = links.formKeyOf(token);
const own = { 'sec-fetch-site': 'same-origin' };
/** Each from an address of its own, but where the limit is looked at. */
let visitors = 0;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(base + path, { headers: { 'x-forwarded-for': `198.51.100.${++visitors}`, ...headers } });
const post = (fields: Record<string, string>, headers: Record<string, string> = own, to = token) =>
  fetch(`${base}/${to}`, {
    method: 'POST',
    body: new URLSearchParams({ form_key: formKey, ...fields }),
    headers,
    redirect: 'manual',
  });
const said = async (answer: Promise<Response>) => (await answer).headers.get('location');

describe('the page behind a link', () => {
  beforeAll(() => {
    clock.at += 60_000;
  });

  it('shows what strangers wrote as text, with a policy that allows no script', async () => {
    const answer = await get(`/${token}?n=right"><script>`);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).not.toMatch(/<script|<img/i);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
  });

  it('says what is asked for, and nothing of reasons, scores or rules', async () => {
    const html = await (await get(`/${token}`)).text();
    for (const word of ['E-mail', 'Phone', 'Identity document', 'Nothing left to do']) expect(html).toContain(word);
    expect(html).not.toMatch(/score|rule|fraud|reason|risk|suspicious/i);
  });

  it.each([
    '/',
    '/x',
    `/${'a'.repeat(5000)}`,
    `/${token}x`,
    '/%00',
    '/..%2f..%2fetc',
    `/${token.split('').reverse().join('')}`,
  ])('opens for no other link: %#', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('This link does not work');
  });

  it('takes forms from its own pages only', async () => {
    expect(await said(post({ step: 'send' }))).toBe('?n=code_sent');
    expect(await said(post({ step: 'send', form_key: 'x' }))).toBe('?n=stale_form');
    expect(await said(post({ step: 'send' }, { 'sec-fetch-site': 'cross-site' }))).toBe('?n=stale_form');
    expect(await said(post({ step: 'send' }, { origin: 'https://evil.example' }))).toBe('?n=stale_form');
    expect(await said(post({ step: 'send' }, {}))).toBe('?n=stale_form');
    expect(await said(post({ step: '__proto__' }))).toBe('?n=not_asked');
    expect(await said(post({}))).toBe('?n=not_asked');
  });

  it('tries nothing that cannot be a code', async () => {
    for (const code of ['', 'abcdef', '12345', '1234567', '１２３４５', "1' or 1=1"])
      await post({ step: 'code', code });
    expect(entered).toEqual([]);
    expect(await said(post({ step: 'code', code: ' 123-456 ' }))).toBe('?n=wrong');
    expect(await said(post({ step: 'code', code: '８９９－０１２' }))).toBe('?n=wrong');
    expect(entered).toEqual(['123456', '899012']);
  });

  it.each(['x', '界', '😀', 'a\nbc'])('takes an appeal of 4,000 characters in any script: %j', async (character) => {
    const message = character.repeat(4000 / character.length);
    // As browsers send it.
    await post({ step: 'appeal', message: message.replaceAll('\n', '\r\n') });
    expect(appeals.at(-1)?.message).toBe(message);
  });

  it('cuts long appeals and refuses bodies without end', async () => {
    await post({ step: 'appeal', message: `<b>${'x'.repeat(9000)}` });
    expect(appeals.at(-1)?.message).toHaveLength(4000);
    expect(await said(post({ step: 'appeal', message: ' \n ' }))).toBe('?n=appeal_empty');
    const before = appeals.length;
    expect(await said(post({ step: 'appeal', message: 'a\0b' }))).toBe('?n=appeal_unreadable');
    expect(appeals).toHaveLength(before);
    const long = await post({ step: 'appeal', message: 'x'.repeat(60_000) });
    expect([long.status, await long.text()]).toEqual([413, expect.stringContaining('too long')]);
    const json = await fetch(`${base}/${token}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([json.status, await json.text()]).toEqual([415, 'Please use the form on the page.']);
  });

  it('keeps no card number that somebody wrote into an appeal, and says why', async () => {
    const before = appeals.length;
    const message = 'my card is 4111 1111 1111 1111 please';
    expect(await said(post({ step: 'appeal', message }))).toBe('?n=appeal_card_number');
    expect(appeals).toHaveLength(before);
    expect(await (await get(`/${token}?n=appeal_card_number`)).text()).toContain('looks like a card number');
  });

  it('slows one link down, and one address', async () => {
    clock.at += 60_000;
    const statuses: number[] = [];
    for (let n = 0; n < 45; n++) statuses.push((await get(`/${token}`)).status);
    expect(statuses.slice(38, 42)).toEqual([200, 200, 429, 429]);
    clock.at += 60_000;
    const address = { 'x-forwarded-for': '203.0.113.9' };
    const guesses = await Promise.all(
      Array.from({ length: 245 }, () => get('/guess', address).then(({ status }) => status)),
    );
    expect(guesses.filter((status) => status === 429)).toHaveLength(5);
    clock.at += 60_000;
    expect((await get(`/${token}`)).status).toBe(200);
  });

  it('asks to come back when a store is away, without a stack, and never logs the link', async () => {
    state.fails = true;
    const answer = await get(`/${token}`);
    state.fails = false;
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(await answer.text()).not.toContain('no store');
    expect(lines.join()).not.toContain(token);
  });
});

describe('an address behind proxies', () => {
  /** How many of so many visits from as many made-up addresses are refused. */
  async function refusedOf(trustedProxies: number | readonly string[], forwarded: (n: number) => string) {
    clock.at += 60_000;
    const open = await startHttp({ mounts: { '/verify': mount }, trustedProxies });
    const visits = Array.from({ length: 250 }, (_, n) =>
      fetch(`${open.base}/verify/guess`, { headers: { 'x-forwarded-for': forwarded(n) } }),
    );
    const statuses = (await Promise.all(visits)).map(({ status }) => status);
    await open.close();
    return statuses.filter((status) => status === 429).length;
  }
  const madeUp = (n: number): string => `198.51.100.${n}`;

  it.each([
    ['nobody is believed', 0, madeUp],
    ['another is believed', ['10.0.0.0/8'], madeUp],
    ['the nearest is believed, and names the same', 1, (n: number) => `${madeUp(n)}, 203.0.113.1`],
  ])('is the same where %s', async (_, trusted, forwarded) => {
    expect(await refusedOf(trusted, forwarded)).toBe(10);
  });

  it.each([
    ['one proxy', 1, madeUp],
    ['two', 2, (n: number) => `${madeUp(n)}, 10.0.0.1`],
    ['a network', ['loopback'], madeUp],
    ['networks', ['127.0.0.1', '10.0.0.0/8'], (n: number) => `203.0.113.7, ${madeUp(n)}, 10.1.2.3`],
  ])('is told by %s that is believed', async (_, trusted, forwarded) => {
    expect(await refusedOf(trusted, forwarded)).toBe(0);
  });
});
