import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { compileAccepts } from '../../src/model/accepts.js';
import { isPlainText } from '../../src/model/card-number.js';
import { eventSchema } from '../../src/model/event.js';

const full = {
  event_id: 'evt_01JD8',
  occurred_at: '2026-05-01T12:00:00.000Z',
  account: { id: 'a', organization: 'o', plan: 'p', path: 'standard', declared_country: 'US', referrer: 'r' },
  ip: '203.0.113.77',
  user_agent: 'Mozilla/5.0',
  accept_language: 'en',
  email: { address: 'li.wei@mail.example', verified: true },
  phone: { number: '+15551234567', verified: false },
  device: {
    fingerprint: 'fp',
    confidence: 0.92,
    platform: 'Win32',
    timezone: 'Asia/Shanghai',
    languages: ['zh-CN'],
    screen: '1920x1080',
    gpu: 'g',
    webdriver: false,
    touch: true,
    client_hints: { platform: 'Windows', mobile: false, brands: 'b' },
    ja4: 't13',
    form_ms: 1840,
  },
  payment: { fingerprint: 'pm', bin: '45717360', brand: 'visa', funding: 'credit', country: 'US' },
  api_key: { id: 'key_77', scopes: ['messages'] },
  custom: { campaign: 'spring', list: [1, null, { deep: [true] }] },
};
const usage = {
  window_s: 3600,
  requests: 1,
  output_tokens: 2,
  distinct_ips: 3,
  top_model_share: 1,
  prompt_template: 'h',
};

const fullEvents = [
  { type: 'signup', ...full },
  { type: 'payment_method_added', ...full },
  { type: 'api_key_created', ...full },
  { type: 'api_key_used', ...full, usage },
];

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Every object and array of a body. */
const containers = (value: unknown): Fields[] =>
  isFields(value) ? [value, ...Object.values(value).flatMap(containers)] : [];

const oddValues = fc.oneof(
  fc.constantFrom<unknown>('', 'x', 'US', 'us', -1, 0, 0.5, 1, 1.01, 9_007_199_254_740_991, 1e300, true, null, [], {}),
  fc.constantFrom<unknown>('1.2.3.4', '::1', '1.2.3.04', '+1234', '+12345', 'a@b', 'a@b@c', 'a b@c', '123456', '12345'),
  fc.constantFrom<unknown>(
    '2026-02-29T00:00:00Z',
    '2024-02-29T00:00:00+01:00',
    '2026-01-01',
    'prepaid',
    'signup',
    undefined,
  ),
  fc.nat(600).map((length): unknown => 'y'.repeat(length)),
  fc.nat(70).map((length): unknown => new Array(length).fill('z')),
  fc.jsonValue(),
);

const copy = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

interface Mutation {
  readonly place: number;
  readonly key: number;
  readonly kind: 'set' | 'drop' | 'add';
  readonly name: string;
  readonly value: unknown;
}

const mutations: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(30),
  key: fc.nat(30),
  kind: fc.constantFrom('set', 'set', 'drop', 'add'),
  name: fc.constantFrom('touch', 'id', 'usage', 'ip', 'zzz', '__proto__', 'constructor'),
  value: oddValues,
});

function mutate(body: Fields, { place, key, kind, name, value }: Mutation): void {
  const all = containers(body);
  const target = all[place % all.length] ?? body;
  const keys = Object.keys(target);
  const chosen = kind === 'add' ? name : (keys[key % keys.length] ?? name);
  if (kind === 'drop' && !Array.isArray(target)) delete target[chosen];
  else
    Object.defineProperty(target, chosen, { value: copy(value), enumerable: true, configurable: true, writable: true });
}

const bodies = fc
  .record({ event: fc.constantFrom(...fullEvents), changes: fc.array(mutations, { maxLength: 4 }) })
  .map(({ event, changes }): string => {
    const body: Fields = JSON.parse(JSON.stringify(event));
    for (const change of changes) mutate(body, change);
    return JSON.stringify(body);
  });

const accepts = compileAccepts(eventSchema);

describe('a schema as plain functions', () => {
  it('accepts exactly the events that the schema accepts as they are', () => {
    let accepted = 0;
    fc.assert(
      fc.property(bodies, (text) => {
        const body: unknown = JSON.parse(text);
        const parsed = eventSchema.safeParse(body);
        const same = parsed.success && JSON.stringify(sorted(parsed.data)) === JSON.stringify(sorted(body));
        if (accepts(body)) accepted++;
        expect(accepts(body)).toBe(same);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it.each([
    ['a transformed text', z.string().toLowerCase()],
    ['a default', z.strictObject({ n: z.number().default(1) })],
    ['a whole number', z.number().int()],
    ['an address', z.email()],
    ['an object that lets keys fall', z.object({ n: z.number().optional() })],
    ['a refined object', z.strictObject({}).refine(() => false)],
    ['a multiple', z.number().multipleOf(2)],
  ])('leaves %s to the schema', (_what, schema) => {
    const asked = compileAccepts(schema);
    expect([asked('A'), asked(1), asked({}), asked({ n: 1 }), asked('a@b.example')]).toEqual(new Array(5).fill(false));
  });
});

/** Keys of objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
}

describe('plain text', () => {
  const plain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && !/\d(?:[\s\p{Pd}]{0,3}\d){12}/u.test(text);

  it('is what two regular expressions say it is', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789 -'), maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('1', '22', '333333333333', ' ', '-', '    ', 'a', '\t', '–'), maxLength: 20 }),
    );
    fc.assert(
      fc.property(texts, (text) => isPlainText(text) === plain(text)),
      { numRuns: 3000 },
    );
  });
});
