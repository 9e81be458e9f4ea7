import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Route } from '../../src/http/route.js';
import { allRoutes } from '../../src/http/routes.js';
import { bootstrapKey, memoryServices, noSession, startHttp } from '../support/http-fixture.js';

let api: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  api = await startHttp({ bodyTimeoutMs: 1000 });
});
afterAll(() => api.close());

const { services } = memoryServices();
const routes = allRoutes({ services, isDraining: () => false, session: noSession });

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a JSON value. */
function places(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => places(member, [...path, key]))];
}

/** The value with what stands at `path` replaced; `undefined` takes it away. */
function replaced(value: Json, path: readonly (string | number)[], other: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return other;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const changed = key === String(step) ? replaced(member, rest, other) : member;
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

const junk = fc.oneof(
  fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value))),
  fc.constantFrom<Json>(
    '',
    'x'.repeat(9000),
    -1,
    1e300,
    1e-300,
    [],
    {},
    null,
    true,
    '\u0000',
    '\ud800',
    '4111111111111111',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A good body with one place spoilt, any JSON, or bytes. */
function bodyOf(route: Route): fc.Arbitrary<string | Uint8Array> {
  const example: Json = JSON.parse(JSON.stringify(route.body?.example ?? {}));
  const spoilt = fc
    .tuple(fc.constantFrom(...places(example)), fc.option(junk, { nil: undefined }))
    .map(([path, other]) => JSON.stringify(replaced(example, path, other)) ?? '');
  const added = fc.tuple(fc.string({ maxLength: 20 }), junk).map(([key, value]) => {
    const more = { [key]: value };
    return JSON.stringify(typeof example === 'object' ? { ...example, ...more } : more);
  });
  const bytes = fc.uint8Array({ maxLength: 64 }).map((some) => Uint8Array.from(some));
  return fc.oneof({ weight: 4, arbitrary: spoilt }, { weight: 2, arbitrary: added }, fc.json(), bytes);
}

const segment = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map(encodeURIComponent),
  fc.constantFrom('%', '%00', '%ff', '%2f..%2f', 'a'.repeat(400), 'case_1', 'acct_1', '__proto__', 'constructor'),
);
const query = fc.oneof(
  fc.constant(''),
  fc.webQueryParameters().map((text) => `?${text}`),
  fc.constantFrom('?limit=-1', '?cursor=%00', '?account_id=a&cursor=zz', '?sort=up', '?state=__proto__', '?%'),
);
const contentType = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json',
  'text/html',
  '',
  'a/b;c="',
);

const requests = fc.constantFrom(...routes).chain((route) =>
  fc.record({
    method: fc.constantFrom(route.method === 'any' ? 'POST' : route.method.toUpperCase(), 'GET', 'PUT', 'DELETE'),
    path: fc
      .tuple(segment, query)
      .map(([id, rest]) => route.path.replace(/\{\w+\}/, (name) => (name === '{suffix}' ? `/${id}` : id)) + rest),
    body: bodyOf(route),
    contentType,
    key: fc.constantFrom(bootstrapKey, bootstrapKey, bootstrapKey, 'pk_nobody_00000000'),
  }),
);

it('2,000 malformed requests made from the registry: no 5xx, no stack, every error a problem', async () => {
  api.services.cases.open('case_1', 'acct_1');
  const run = fc.asyncProperty(requests, async ({ method, path, body, contentType: type, key }) => {
    const sent = method === 'GET' ? {} : { body, headers: { 'content-type': type } };
    const reply = await api.send(method, path, { key, ...sent });
    expect(reply.status).toBeLessThan(500);
    if (reply.status < 400) return;
    expect(reply.type).toBe('application/problem+json; charset=utf-8');
    expect(reply.json).toMatchObject({
      status: reply.status,
      code: expect.any(String),
      request_id: expect.any(String),
    });
    expect(reply.text).not.toMatch(/\bat .+\.[jt]s:\d+|node_modules|<html/i);
  });
  await fc.assert(run, { numRuns: 2_000 });
}, 120_000);
