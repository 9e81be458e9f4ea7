import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseCursorOf } from '../../src/cases/case-cursor.js';
import { exampleEvent } from '../../src/http/examples.js';
import { problemsOf } from '../../src/http/openapi.js';
import type { Route } from '../../src/http/route.js';
import { allRoutes } from '../../src/http/routes.js';
import { problemReplySchema } from '../../src/http/schemas.js';
import { parseEvent } from '../../src/model/parse-event.js';
import { problemCodes } from '../../src/model/problem.js';
import { bootstrapKey, memoryServices, noSession, startHttp } from '../support/http-fixture.js';

let api: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  api = await startHttp();
  const { send } = api;
  // Whatever else a test looks for: the document must not lie about the answer.
  api.send = async (method, path, given) => {
    const reply = await send(method, path, given);
    expectDocumented(method, path, reply);
    return reply;
  };
});
afterAll(() => api.close());

const { services } = memoryServices();
const routes = allRoutes({ services, isDraining: () => false, session: noSession });

const patternOf = (route: Route): RegExp =>
  new RegExp(`^${route.path.replace('{suffix}', '(?:/.*)?').replace(/\{\w+\}/g, '[^/]+')}/?$`);

function expectDocumented(method: string, path: string, reply: Awaited<ReturnType<typeof api.send>>): void {
  const called = method === 'HEAD' ? 'get' : method.toLowerCase();
  const [plain = ''] = path.split('?');
  const route = routes.find((one) => (one.method === 'any' || one.method === called) && patternOf(one).test(plain));
  if (route === undefined || reply.text === '') return;
  const problem = Object.entries(problemCodes).find(([code]) => code === reply.json.code);
  if (problem !== undefined) expect([route.path, ...problemsOf(route)]).toContain(problem[0]);
  const schema = reply.status < 400 ? route.replies[reply.status]?.schema : problemReplySchema;
  expect(reply.status < 400 ? Object.keys(route.replies) : [String(problem?.[1].status)]).toContain(
    String(reply.status),
  );
  const parsed = schema?.safeParse(reply.json);
  expect(parsed === undefined || parsed.success ? [] : [route.path, parsed.error.issues]).toEqual([]);
}

const problemType = 'application/problem+json; charset=utf-8';

describe('POST /v1/evaluations', () => {
  it('answers with the decision, and replays it under the same event id', async () => {
    const json = { ...exampleEvent, event_id: 'evt_replay' };
    const first = await api.send('POST', '/v1/evaluations', { role: 'integration', json });
    expect(first).toMatchObject({ status: 200, json: { event_id: 'evt_replay', outcome: 'hold' } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await api.send('POST', '/v1/evaluations', { role: 'integration', json });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
    const other = await api.send('POST', '/v1/evaluations', {
      role: 'integration',
      json: { ...json, ip: '203.0.113.9' },
    });
    expect(other).toMatchObject({ status: 422, type: problemType, json: { code: 'idempotency_mismatch' } });
  });

  it('does not let a refused body use the event id up', async () => {
    const json = { ...exampleEvent, event_id: 'evt_refused' };
    const refused = await api.send('POST', '/v1/evaluations', {
      role: 'integration',
      json: { ...json, ip: 'nowhere' },
    });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer: '/ip' }] } });
    expect((await api.send('POST', '/v1/evaluations', { role: 'integration', json })).status).toBe(200);
  });

  it('takes a request id that is well formed, and makes one otherwise', async () => {
    const given = { role: 'integration' as const, json: exampleEvent };
    const kept = await api.send('POST', '/v1/evaluations', { ...given, headers: { 'x-request-id': 'abc-1' } });
    expect(kept.headers.get('x-request-id')).toBe('abc-1');
    const made = await api.send('POST', '/v1/evaluations', { ...given, headers: { 'x-request-id': 'a b"<' } });
    expect(made.headers.get('x-request-id')).toMatch(/^req_\d+$/);
  });

  it('simulates for authors', async () => {
    const reply = await api.send('POST', '/v1/evaluations:simulate', { role: 'author', json: exampleEvent });
    expect(reply).toMatchObject({ status: 200, json: { outcome: 'hold' } });
  });
});

describe('the gate', () => {
  const role = 'gateway' as const;
  it.each([
    ['acct_admitted', 200, 'admitted'],
    ['acct_limited', 200, 'limited'],
    ['acct_spent', 429, 'limited'],
    ['acct_held', 403, 'held'],
    ['acct_denied', 403, 'denied'],
    ['acct_nobody', 403, 'unknown'],
    ['no'.repeat(1500), 403, 'unknown'],
  ])('answers %s with %i %s, whatever the method and the suffix', async (id, status, state) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const reply = await api.send(method, '/v1/gate/check/v1/messages%ZZ?x=1', {
        role,
        headers: { 'x-account-id': id },
      });
      expect([reply.status, reply.headers.get('x-risk-state'), reply.json.state]).toEqual([status, state, state]);
      expect(reply.type).toBe(status === 200 ? 'application/json; charset=utf-8' : problemType);
    }
    const head = await api.send('HEAD', '/v1/gate/check', { role, headers: { 'x-account-id': id } });
    expect([head.status, head.headers.get('x-risk-state'), head.text]).toEqual([status, state, '']);
  });

  it('tells what is left of a quota, and when to come back', async () => {
    const limited = await api.send('GET', '/v1/gate/check', { role, headers: { 'x-account-id': 'acct_limited' } });
    expect(limited.headers.get('x-risk-remaining')).toBe('49');
    const spent = await api.send('GET', '/v1/gate/check', { role, headers: { 'x-account-id': 'acct_spent' } });
    expect(spent.headers.get('retry-after')).toBe(String(12 * 3600));
  });

  it('takes ids from JSON on the exact path only', async () => {
    const json = { account_id: 'acct_admitted' };
    expect((await api.send('POST', '/v1/gate/check', { role, json })).status).toBe(200);
    expect((await api.send('POST', '/v1/gate/check', { role, json: { api_key_id: 'key_77' } })).status).toBe(200);
    expect((await api.send('POST', '/v1/gate/check/', { role, json })).json.code).toBe('missing_id');
  });

  /** The state that is answered, and what the gate was asked for it. */
  const asks = async (headers: Record<string, string>, given: { json?: unknown; body?: string }) => {
    const { length } = api.state.questions;
    const reply = await api.send('POST', '/v1/gate/check', { role, headers, ...given });
    return { status: reply.status, state: reply.json.state, questions: api.state.questions.slice(length) };
  };

  it.each([
    [{ 'x-account-id': 'acct_admitted' }, { account_id: 'acct_denied' }],
    [{ 'x-account-id': 'acct_denied' }, { account_id: 'acct_admitted' }],
    [{ 'x-api-key-id': 'key_77' }, { api_key_id: 'key_78' }],
    [
      { 'x-account-id': 'acct_admitted', 'x-api-key-id': 'key_77' },
      { account_id: 'acct_admitted', api_key_id: 'k' },
    ],
  ])('knows nobody whom headers and body name differently: %j and %j', async (headers, json) => {
    expect(await asks({ ...headers }, { json })).toEqual({ status: 403, state: 'unknown', questions: [] });
  });

  it('asks for the account of one and the key of the other together', async () => {
    const both = [{ accountId: 'acct_denied', apiKeyId: 'key_77' }];
    const key = { 'x-api-key-id': 'key_77' };
    expect(await asks(key, { json: { account_id: 'acct_denied' } })).toMatchObject({ status: 403, questions: both });
    const account = { 'x-account-id': 'acct_denied' };
    expect(await asks(account, { json: { api_key_id: 'key_77' } })).toMatchObject({ status: 403, questions: both });
    expect(await asks(account, { json: { account_id: 'acct_denied' } })).toMatchObject({
      status: 403,
      state: 'denied',
    });
  });

  it('looks at no body beside headers that is no question by itself, unless a header keeps it from being read', async () => {
    const headers = { 'x-account-id': 'acct_admitted', 'content-type': 'application/json' };
    for (const body of ['', '{"account_id":', '[]', '{"prompt":"hello","account_id":"acct_denied"}'])
      expect(await asks(headers, { body })).toMatchObject({ status: 200, state: 'admitted' });
    const body = '{"account_id":"acct_denied"}';
    expect(await asks({ ...headers, 'content-encoding': 'gzip' }, { body })).toMatchObject({
      status: 415,
      questions: [],
    });
  });

  it('reads UTF-8 ids and the key from its own header', async () => {
    const key = { key: '', headers: { 'x-portcullis-key': bootstrapKey, authorization: 'Bearer of-a-visitor' } };
    const id = Buffer.from('acct_zoë').toString('latin1');
    const reply = await api.send('GET', '/v1/gate/check', { headers: { ...key.headers, 'x-account-id': id } });
    expect(reply.status).toBe(200);
  });

  it('looks up every id that an event can carry, and no other', async () => {
    const asks = async (name: string, id: string) => {
      const { length } = api.state.questions;
      const header = Buffer.from(id).toString('latin1');
      const reply = await api.send('GET', '/v1/gate/check', { role, headers: { [name]: header } });
      expect(reply.headers.get('x-risk-state')).toBe('unknown');
      return api.state.questions.slice(length);
    };
    for (const letter of ['a', 'ë', '\u{1f600}']) {
      const longest = letter.repeat(256);
      expect(parseEvent({ ...exampleEvent, account: { id: longest } }).ok).toBe(true);
      expect(await asks('x-account-id', longest)).toEqual([{ accountId: longest, apiKeyId: undefined }]);
      expect(await asks('x-api-key-id', longest)).toEqual([{ accountId: undefined, apiKeyId: longest }]);
      expect(parseEvent({ ...exampleEvent, account: { id: `${longest}a` } }).ok).toBe(false);
      expect(await asks('x-account-id', `${longest}a`)).toEqual([]);
      expect(await asks('x-api-key-id', `${longest}a`)).toEqual([]);
    }
  });

  it('asks for an id', async () => {
    for (const headers of [{}, { 'x-account-id': '' }]) {
      const reply = await api.send('GET', '/v1/gate/check', { role, headers });
      expect(reply).toMatchObject({ status: 400, type: problemType, json: { code: 'missing_id' } });
    }
  });
});

describe('a query', () => {
  it.each([
    ['GET', '/v1/cases?limit=0', 'limit'],
    ['GET', '/v1/cases?stat=open', 'stat'],
    ['GET', '/v1/decisions?account_id=a&limit=x', 'limit'],
    ['GET', '/v1/decisions', 'account_id'],
    ['GET', '/v1/audit?since=yesterday', 'since'],
    ['GET', '/v1/keys?limit=1', 'limit'],
    ['GET', '/v1/lists?a~b/c=1', 'a~b/c'],
    ['POST', '/v1/cases:next?lease_s=0', 'lease_s'],
    ['POST', '/v1/evaluations?dry=1', 'dry'],
    ['GET', '/v1/cases?min_score=', 'min_score'],
    ['GET', '/v1/cases?min_score=101', 'min_score'],
    ['GET', '/v1/rings?min_size=', 'min_size'],
    ['GET', '/v1/cases?limit=0x10', 'limit'],
    ['GET', '/v1/cases?limit=1e1', 'limit'],
    ['GET', '/v1/cases?limit=%201', 'limit'],
    ['GET', '/v1/overview?hours=', 'hours'],
    ['GET', '/v1/decisions:inputs?limit=1.5', 'limit'],
    ['GET', '/v1/cases?q=%00', 'q'],
    ['GET', '/v1/cases?reason=%00', 'reason'],
    ['GET', '/v1/cases?account_id=%00', 'account_id'],
    ['GET', '/v1/cases?ring=%00', 'ring'],
    ['GET', '/v1/cases?country=%00%00', 'country'],
    ['GET', '/v1/decisions?account_id=%00', 'account_id'],
    ['GET', '/v1/decisions/dec_1/explanation?rule=%00', 'rule'],
    ['GET', '/v1/appeals?account_id=%00', 'account_id'],
    ['GET', '/v1/appeals?case_id=%00', 'case_id'],
    ['GET', '/v1/rules/trial?rule=%00', 'rule'],
    ['GET', '/v1/rules/trial?since=0000-01-01T00:00:00Z', 'since'],
    ['GET', '/v1/audit?since=0000-01-01T00:00:00Z', 'since'],
    ['GET', '/v1/audit?until=9999-12-31T23:59:59-12:00', 'until'],
    ['GET', '/v1/decisions:inputs?since=0000-01-01T00:00:00Z', 'since'],
  ])('that does not fit is refused with the name of the parameter: %s %s', async (method, path, parameter) => {
    const refused = await api.send(method, path, { key: bootstrapKey });
    expect(refused).toMatchObject({ status: 422, type: problemType, json: { code: 'invalid' } });
    expect(refused.json).toMatchObject({ errors: [{ parameter, detail: expect.any(String) }] });
    expect(refused.json.title).not.toMatch(/body/i);
  });

  it.each(['limit=2&limit=3', 'state=open&state=decided', 'q=a&q=a'])(
    'that says one thing twice is refused, whichever it means: %s',
    async (query) => {
      const refused = await api.send('GET', `/v1/cases?${query}`, { key: bootstrapKey });
      const [parameter] = query.split('=');
      expect(refused).toMatchObject({
        status: 422,
        json: { errors: [{ parameter, detail: 'expected once, given 2 times' }] },
      });
    },
  );

  it('takes numbers as people write them', async () => {
    for (const query of ['limit=1', 'limit=007', 'min_score=12.5', 'min_score=0'])
      expect((await api.send('GET', `/v1/cases?${query}`, { key: bootstrapKey })).status).toBe(200);
  });

  const caseCursor = (sort: string) => caseCursorOf({ value: 1, id: 'case_1', sort });
  it.each([
    ['/v1/cases?cursor=zzz'],
    [`/v1/cases?cursor=${caseCursor('due_at').slice(0, -3)}`],
    [`/v1/cases?cursor=${caseCursor('due_at')}`],
    [`/v1/cases?sort=due_at&cursor=${caseCursor('priority')}`],
    ['/v1/rings?cursor=zzz'],
    [`/v1/rings?cursor=${caseCursor('priority')}`],
    ['/v1/lists/vpn/entries?cursor=zzz'],
    ['/v1/lists/vpn/entries?cursor=3'],
    ['/v1/lists/vpn/entries?from=file&cursor=lst_01JDA0000000000000000000AA'],
    ['/v1/webhook-deliveries?cursor=zzz'],
    ['/v1/decisions?account_id=a&cursor=zzz'],
    ['/v1/audit?cursor=zzz'],
    ['/v1/appeals?cursor=zzz'],
    ['/v1/decisions:inputs?cursor=zzz'],
    ['/v1/decisions:inputs?cursor=999999999999999.x'],
    [`/v1/cases?cursor=${caseCursorOf({ value: 8e15, id: 'case_1', sort: 'priority' })}`],
    [`/v1/cases?cursor=${caseCursorOf({ value: -8e15, id: 'case_1', sort: 'priority' })}`],
  ])('with a cursor that is none of the list is refused, not begun anew: %s', async (path) => {
    const refused = await api.send('GET', path, { key: bootstrapKey });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ parameter: 'cursor' }] } });
  });

  it.each([
    [`/v1/cases?cursor=${caseCursor('priority')}`],
    [`/v1/cases?sort=opened_at&cursor=${caseCursor('opened_at')}`],
    [`/v1/rings?cursor=${caseCursor('size')}`],
    ['/v1/lists/vpn/entries?cursor=lst_01JDA0000000000000000000AA'],
    ['/v1/lists/vpn/entries?from=file&cursor=3'],
    ['/v1/webhook-deliveries?cursor=msg_01JDA0000000000000000000AA'],
  ])('with a cursor of its list goes on: %s', async (path) => {
    expect((await api.send('GET', path, { key: bootstrapKey })).status).toBe(200);
  });
});

describe('what people write', () => {
  const reason = { reason: ' \t\n ' };
  it.each([
    ['/v1/accounts/a/hold', reason],
    ['/v1/accounts/a/release', reason],
    ['/v1/accounts/a/deny', reason],
    ['/v1/cases/case_1/escalate', reason],
    ['/v1/cases/case_1/decisions', { claim_token: 't', decision: 'reject', ...reason }],
    ['/v1/cases:decide', { case_ids: ['case_1'], decision: 'reject', ...reason }],
    ['/v1/rings/ring_17/decisions', { decision: 'reject', ...reason }],
    ['/v1/rings/ring_17/hubs', { key: '5be0c2719d', ...reason }],
    ['/v1/lists/burned/entries', { value: 'x', ...reason }],
    ['/v1/accounts/a/release', { reason: '\u200b\u2060\ufeff' }],
    ['/v1/cases/case_1/notes', { text: ' ' }],
    ['/v1/cases/case_1/notes', { text: '\u202e\u00ad\u3164\u2800' }],
    ['/v1/appeals', { account_id: 'a', message: '\n' }],
    ['/v1/accounts/a/labels', { label: 'fraud', source: ' ' }],
  ])('is more than blanks: %s', async (path, json) => {
    const refused = await api.send('POST', path, { key: bootstrapKey, json });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toMatchObject([
      { detail: 'expected some text, not only blanks and invisible characters' },
    ]);
  });

  it('is no label of tomorrow, but may be one of a clock that is a little ahead', async () => {
    api.services.cases.open('case_label', 'acct_label', { state: 'decided' });
    const label = async (ms: number) => {
      const json = { label: 'honest', source: 'support', observed_at: new Date(api.clock.at + ms).toISOString() };
      return api.send('POST', '/v1/accounts/acct_label/labels', { role: 'integration', json });
    };
    expect(await label(300_001)).toMatchObject({ status: 422, json: { errors: [{ pointer: '/observed_at' }] } });
    expect((await label(300_000)).status).toBe(200);
  });

  it.each([
    ['/v1/accounts/a/labels', { label: 'fraud', source: 's', observed_at: '0000-01-01T00:00:00Z' }, '/observed_at'],
    [
      '/v1/lists/vpn/entries',
      { value: '192.0.2.1', reason: 'r', expires_at: '9999-12-31T23:59:59-12:00' },
      '/expires_at',
    ],
    ['/v1/cases/case_1/snooze', { claim_token: 't', until: '9999-12-31T23:59:59Z' }, '/until'],
  ])('is no time that nothing could store: %s', async (path, json, pointer) => {
    const refused = await api.send('POST', path, { key: bootstrapKey, json });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer }] } });
  });

  it.each([
    ['/v1/evaluations', '{"custom":[]}', '/custom', 'expected an object, got an array'],
    [
      '/v1/evaluations',
      '{"usage":{"requests":1e400}}',
      '/usage/requests',
      'expected a number, got one that is not finite',
    ],
    ['/v1/rulesets:validate', '{"files":{"../x.yml":""}}', '/files/..~1x.yml', 'letters, digits, _ . / and -'],
  ])('is refused in plain words: %s %s', async (path, body, pointer, detail) => {
    const whole = path === '/v1/evaluations' ? JSON.stringify(exampleEvent).replace(/}$/, `,${body.slice(1)}`) : body;
    const type = { 'content-type': 'application/json' };
    const refused = await api.send('POST', path, {
      key: bootstrapKey,
      body: whole.replace('"type":"signup"', '"type":"api_key_used","api_key":{"id":"k"}'),
      headers: type,
    });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toContainEqual({ pointer, detail: expect.stringContaining(detail) });
  });

  it('is told both ways of sending a key', async () => {
    const refused = await api.send('GET', '/v1/cases');
    expect(refused).toMatchObject({ status: 401, json: { detail: expect.stringContaining('X-Portcullis-Key') } });
    const taken = await api.send('GET', '/v1/cases', { headers: { 'x-portcullis-key': bootstrapKey } });
    expect(taken.status).toBe(200);
  });

  it.each([
    'https://localhost./hook',
    'https://a.localhost./hook',
    'https://metadata.google.internal/hook',
    'https://printer.local/',
    'https://router.home.arpa/',
  ])('is no webhook to an inside name: %s', async (url) => {
    const refused = await api.send('POST', '/v1/webhook-endpoints', {
      key: bootstrapKey,
      json: { url, events: ['case.opened'] },
    });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer: '/url' }] } });
  });

  it('is kept as the address that is looked at and sent to, blanks and line breaks left out', async () => {
    const kept = 'https://hooks.example.com/a%20b';
    const made = await api.send('POST', '/v1/webhook-endpoints', {
      key: bootstrapKey,
      json: { url: ' https://HOOKS.example.com/a b\n', events: ['case.opened'] },
    });
    expect(made).toMatchObject({ status: 201, json: { url: kept } });
    const path = `/v1/webhook-endpoints/${made.json.id}`;
    const changed = await api.send('POST', path, { key: bootstrapKey, json: { url: `${kept}\r\n ` } });
    expect(changed).toMatchObject({ status: 200, json: { url: kept } });
    const other = await api.send('POST', path, { key: bootstrapKey, json: { description: 'tickets' } });
    expect(other.json).toMatchObject({ url: kept, description: 'tickets', events: ['case.opened'] });
  });

  it.each([' ', '\u200b', 'a\nb', 'a\r', 'a\u2028b', 'a\u0085', ''])('is no name of a key: %j', async (name) => {
    const refused = await api.send('POST', '/v1/keys', { key: bootstrapKey, json: { role: 'author', name } });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer: '/name' }] } });
  });

  it('names each event of a webhook once', async () => {
    const json = { url: 'https://hooks.example.com/', events: ['case.opened', 'case.opened'] };
    const made = await api.send('POST', '/v1/webhook-endpoints', { key: bootstrapKey, json });
    expect(made).toMatchObject({ status: 201, json: { events: ['case.opened'] } });
    const path = `/v1/webhook-endpoints/${made.json.id}`;
    const changed = await api.send('POST', path, {
      key: bootstrapKey,
      json: { events: ['case.decided', 'case.decided'] },
    });
    expect(changed.json).toMatchObject({ events: ['case.decided'] });
  });
});

describe('reviewing', () => {
  const role = 'reviewer' as const;
  it('pages through decisions and shows what each saw', async () => {
    const [first = '', second = '', third = ''] = [1, 2, 3].map((n) => `dec_${String(n).padStart(26, '0')}`);
    for (const id of [first, second, third]) api.decisions.add(id, 'acct_1');
    const page = await api.send('GET', '/v1/decisions?account_id=acct_1&limit=2', { role });
    expect(page.json).toMatchObject({ data: [{ id: third }, { id: second }], next_cursor: second });
    const rest = await api.send('GET', `/v1/decisions?account_id=acct_1&limit=2&cursor=${second}`, { role });
    expect(rest.json).toMatchObject({ data: [{ id: first }], next_cursor: null });
    const one = await api.send('GET', `/v1/decisions/${first}`, { role });
    expect(one.json).toMatchObject({ signals: { 'ip.country': 'US' }, features: { accounts_per_card_90d: 11 } });
    expect((await api.send('GET', '/v1/decisions/dec_9', { role })).json.code).toBe('not_found');
    expect((await api.send('GET', '/v1/decisions?limit=2', { role })).json.detail).toContain('account_id: required');
    expect((await api.send('GET', '/v1/decisions?account_id=a&limit=0', { role })).status).toBe(422);
  });

  it.each([
    ['document', '4111 1111 1111 1111', 422],
    ['document', '378282246310005', 422],
    // An identity card of South Africa, whose check digit is a card's; Indonesia; the Emirates; China.
    ['document', '8001015009087', 200],
    ['document', '3201014107900009', 200],
    ['document', '784197401234568', 200],
    ['document', '110101199003078515', 200],
    ['payment', '4111-1111-1111-1111', 422],
    ['business', '4111111111111111', 422],
    ['phone', '+4915112345675', 200],
  ])('refuses a card number as evidence, and takes a document for what it is: %s %s', async (kind, value, status) => {
    api.services.cases.open('case_evidence', 'acct_evidence', { state: 'decided' });
    const json = { method: 'document', result: 'failed', evidence: { [kind]: value } };
    const path = '/v1/accounts/acct_evidence/verifications';
    const { status: answered, text } = await api.send('POST', path, { role: 'worker', json });
    expect(answered).toBe(status);
    if (status === 422) expect(text).toContain('card_number_rejected');
  });

  it("takes the decision about a ring's case back for seniors only, alone and among several", async () => {
    const { cases } = api.services;
    cases.open('case_whole', 'acct_whole', { wholeRing: true, state: 'decided', decision: 'reject' });
    const json = { case_ids: ['case_whole'] };
    for (const lower of ['worker', 'reviewer'] as const) {
      expect(await api.send('POST', '/v1/cases/case_whole/undo', { role: lower })).toMatchObject({
        status: 403,
        json: { code: 'forbidden' },
      });
      const many = await api.send('POST', '/v1/cases:undo', { role: lower, json });
      expect(many.json).toMatchObject({ done: 0, data: [{ problem: { code: 'forbidden' } }] });
    }
    expect((await api.send('POST', '/v1/cases:undo', { role: 'senior', json })).json).toMatchObject({ done: 1 });
    cases.held.delete('case_whole');
  });

  it('works a case through claim, note, decision and undo', async () => {
    api.services.cases.open('case_1', 'acct_1');
    const claim = await api.send('POST', '/v1/cases:next', { role: 'worker' });
    expect(claim).toMatchObject({ status: 200, json: { case: { id: 'case_1', state: 'claimed' } } });
    expect((await api.send('POST', '/v1/cases:next', { role: 'worker' })).status).toBe(204);
    const path = '/v1/cases/case_1';
    const token = { claim_token: claim.json.claim_token };
    expect((await api.send('POST', `${path}/heartbeat`, { role, json: token })).status).toBe(200);
    const stale = await api.send('POST', `${path}/heartbeat`, { role, json: { claim_token: 'old' } });
    expect(stale).toMatchObject({ status: 409, json: { code: 'stale_claim' } });
    expect((await api.send('POST', `${path}/notes`, { role, json: { text: 'called' } })).status).toBe(201);
    const past = { ...token, until: '2026-11-21T11:00:00Z' };
    expect((await api.send('POST', `${path}/snooze`, { role, json: past })).json.errors).toMatchObject([
      { pointer: '/until' },
    ]);
    const decision = { ...token, decision: 'approve', reason: 'documents checked' };
    expect((await api.send('POST', `${path}/decisions`, { role, json: decision })).json).toMatchObject({
      case: { state: 'decided', decision: 'approve' },
    });
    expect((await api.send('POST', `${path}/undo`, { role })).json).toMatchObject({ case: { state: 'open' } });
    const detail = await api.send('GET', path, { role });
    expect(detail.json).toMatchObject({
      id: 'case_1',
      ring: null,
      timeline: [{ kind: 'claimed' }, { kind: 'note' }, {}, {}],
    });
    expect((await api.send('GET', '/v1/cases?state=open', { role })).json).toMatchObject({ data: [{ id: 'case_1' }] });
  });

  it('shows an account with its history, and changes it by hand', async () => {
    const account = await api.send('GET', '/v1/accounts/acct_1', { role: 'senior' });
    expect(account.json).toMatchObject({ id: 'acct_1', access: { state: 'held' }, history: expect.any(Array) });
    expect(JSON.stringify(account.json.history)).toContain('"kind":"decision"');
    const released = await api.send('POST', '/v1/accounts/acct_1/release', { role, json: { reason: 'a mistake' } });
    expect(released.json).toMatchObject({ access: { state: 'admitted' } });
    expect((await api.send('POST', '/v1/accounts/acct_1/deny', { role, json: {} })).json.errors).toEqual([
      { pointer: '/reason', detail: 'required: expected a string' },
    ]);
    const label = { label: 'fraud', source: 'chargeback' };
    expect((await api.send('POST', '/v1/accounts/acct_1/labels', { role: 'integration', json: label })).status).toBe(
      200,
    );
    expect((await api.send('GET', '/v1/accounts/acct_9', { role })).status).toBe(404);
  });

  it('hands evidence on as hashes only', async () => {
    const json = {
      method: 'phone',
      result: 'passed',
      evidence: { phone: '+1 555 123 4567', document: '3201014107900009' },
    };
    expect((await api.send('POST', '/v1/accounts/acct_1/verifications', { role: 'worker', json })).status).toBe(200);
    expect(api.services.cases.verifications.at(-1)).toMatchObject({
      evidence: { phone: 'k1.phone.number.12', document: 'k1.document.16' },
    });
    const wrong = { ...json, evidence: { phone: '555' } };
    const refused = await api.send('POST', '/v1/accounts/acct_1/verifications', { role: 'worker', json: wrong });
    expect(refused.json.errors).toMatchObject([{ pointer: '/evidence/phone' }]);
  });

  it.each(['document', 'email', 'device', 'payment', 'business', 'licence'])(
    'takes no evidence that names nobody, for everybody who sends it would be joined: %s',
    async (kind) => {
      const { length } = api.services.cases.verifications;
      for (const value of [' ', '-', ' - ', '\u200b', '\u2013', '…']) {
        const json = { method: 'document', result: 'passed', evidence: { phone: '+15551234567', [kind]: value } };
        const refused = await api.send('POST', '/v1/accounts/acct_1/verifications', { role: 'worker', json });
        expect(refused.status).toBe(422);
        expect(refused.json.errors).toMatchObject([{ pointer: `/evidence/${kind}` }]);
      }
      expect(api.services.cases.verifications).toHaveLength(length);
    },
  );
});

describe('rules and keys', () => {
  it('lists rules with hits, and checks files without loading them', async () => {
    const role = 'author' as const;
    const rules = await api.send('GET', '/v1/rules', { role });
    expect(rules.json).toMatchObject({ data: [{ id: 'payment-many-accounts', hits: 7, at_least: null }] });
    expect((await api.send('GET', '/v1/rulesets/current', { role })).json).toMatchObject({
      rules: 1,
      errors: [],
      baselines: [{ feature: 'template_burst', state: 'cold', events: 12, needed: 500 }],
    });
    const files = { 'a/b.yml': `# ${'4111111111111111 '.repeat(6000)}` };
    expect((await api.send('POST', '/v1/rulesets:validate', { role, json: { files } })).json).toMatchObject({
      ok: true,
    });
    const outside = { files: { '../etc/passwd': '' } };
    expect((await api.send('POST', '/v1/rulesets:validate', { role, json: outside })).status).toBe(422);
  });

  it('makes a key whose secret works at once, and no more once revoked', async () => {
    const made = await api.send('POST', '/v1/keys', { key: bootstrapKey, json: { role: 'author', name: 'ci' } });
    expect(made).toMatchObject({ status: 201, json: { role: 'author', secret: expect.stringMatching(/^pk_/) } });
    const key = String(made.json.secret);
    expect((await api.send('GET', '/v1/rules', { key })).status).toBe(200);
    const list = await api.send('GET', '/v1/keys', { role: 'admin' });
    expect(list.text).not.toContain(key);
    expect((await api.send('DELETE', `/v1/keys/${made.json.id}`, { role: 'admin' })).status).toBe(204);
    expect((await api.send('GET', '/v1/rules', { key })).status).toBe(401);
    expect((await api.send('DELETE', `/v1/keys/${made.json.id}`, { role: 'admin' })).status).toBe(404);
  });
});

describe('probes, metrics and documents', () => {
  it('is live, and ready while its dependencies are', async () => {
    expect((await api.send('GET', '/livez')).status).toBe(200);
    expect((await api.send('GET', '/readyz')).json).toEqual({ status: 'ready', checks: { postgres: 'ok' } });
    api.state.ready = false;
    const away = await api.send('GET', '/readyz');
    api.state.ready = true;
    expect(away).toMatchObject({ status: 503, type: problemType, json: { detail: 'not ready: postgres' } });
  });

  it('shows metrics to loopback, and to others with a key only', async () => {
    expect((await api.send('GET', '/metrics')).text).toContain(
      'portcullis_gate_answers_total{state="held",status="403"}',
    );
    const proxied = await api.send('GET', '/metrics', { headers: { 'x-forwarded-for': '198.51.100.1' } });
    expect(proxied.status).toBe(401);
  });

  it('serves a page without anything from elsewhere', async () => {
    const page = await api.send('GET', '/docs');
    expect(page.type).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';style-src 'sha256-/);
    // An example may hold an address; nothing is fetched from one.
    expect(page.text).not.toMatch(/<script|(?:src|href|url)\s*[=(]\s*["']?https?:/);
    expect(page.text).toContain('/v1/evaluations');
  });

  it('knows the methods of a path', async () => {
    const wrong = await api.send('DELETE', '/v1/decisions/x', { role: 'admin' });
    expect(wrong).toMatchObject({ status: 405, type: problemType, json: { code: 'method_not_allowed' } });
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const options = await api.send('OPTIONS', '/v1/keys');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    expect((await api.send('HEAD', '/livez')).status).toBe(200);
    const live = await api.send('HEAD', '/v1/live', { role: 'reviewer' });
    expect([live.status, live.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect((await api.send('GET', '/v1/rules/', { role: 'author' })).status).toBe(200);
    expect((await api.send('GET', '/V1/rules', { role: 'author' })).status).toBe(404);
  });

  it('writes one line a request, without identifiers of people', () => {
    expect(api.lines.some((line) => line.includes('"route":"/v1/evaluations"'))).toBe(true);
    for (const canary of ['203.0.113', 'mail.example', '5551234567', '4111', 'acct_', 'fp_7ac1']) {
      expect(api.lines.join('')).not.toContain(canary);
    }
  });
});
