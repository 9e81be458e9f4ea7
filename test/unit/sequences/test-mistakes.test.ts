import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventSchema } from '../../../src/model/event.js';
import { eventFields } from '../../../src/model/event-fields.js';
import { problemsOfTests, readTests } from '../../support/sequences.js';

const right = `name: right
clock: 2026-05-01T00:00:00Z
given:
  baseline: { template_burst: { share: 0.0004 } }
  labels:
    - { payment.fingerprint: c1, label: fraud }
  accounts:
    - { payment.fingerprint: c1, age: 30d }
  lists: { burned: [c2] }
  networks: [{ range: 203.0.113.0/24, asn: 64500, country: DE }, { range: 192.0.2.0/24, asn: AS64501 }]
events:
  - { repeat: 3, every: 20s, type: signup, account.id: "a{n}", ip: "203.0.113.{n}", device: { confidence: 0.9 } }
  - { label: fraud, account.id: a1, after: 1h }
  - { verify: phone, account.id: a1, result: passed }
  - { review: release, account.id: a1 }
  - { wait: 2h }
  - { type: api_key_created, account.id: a1, ip: 203.0.113.9, api_key.id: k1, payment.funding: debit }
expect:
  - { event: 1-3, fires: [payment-fraud], score: ">= 10", values: { signups_per_prefix_10m: 3, email.is_free: true } }
  - { event: 4, outcome: allow, state: admitted, after: 1h, reasons: [velocity.burst], verify: [phone] }
`;

/** The text that is put in the place of another, what is said of it, and what is marked. */
type Mistake = readonly [right: string, wrong: string, code: string, marked: string, hint?: string];

const mistakes: readonly Mistake[] = [
  ['clock: 2026-05-01T00:00:00Z', 'clock: yesterday', 'E045', 'yesterday'],
  ['clock: 2026-05-01T00:00:00Z', 'clok: 2026-05-01T00:00:00Z', 'E010', 'clok', "did you mean 'clock'?"],
  ['clock: 2026-05-01T00:00:00Z', 'clock: 2026-02-30T00:00:00Z', 'E045', '2026-02-30T00:00:00Z'],
  ['account.id: "a{n}"', 'account.id: "a{i}"', 'E043', '"a{i}"', '{n} is the number of the repetition'],
  ['account.id: "a{n}"', 'account.id: "a{n"', 'E043', '"a{n"', '{n} is the number of the repetition'],
  ['account.id: "a{n}"', 'account.id: "an}"', 'E043', '"an}"'],
  [
    'account.id: "a{n}"',
    'account.id: "a{n}", usage.requests: 4',
    'E042',
    'usage.requests',
    'only api_key_used has usage',
  ],
  ['account.id: "a{n}"', 'account.id: "a{n}", usage: { requests: 4 }', 'E042', 'requests'],
  [
    'fires: [payment-fraud]',
    'fires: [payment-fraud], quiet: [payment-fraud]',
    'E019',
    'payment-fraud',
    'a rule does one of them',
  ],
  [
    'fires: [payment-fraud]',
    'fired: [velocity-prefix-burst], fires: [payment-fraud, shadow-free-mail]',
    'E019',
    'payment-fraud',
    "'fired' names every live rule that fires",
  ],
  ['repeat: 3, every', 'repeats: 3, every', 'E042', 'repeats', "did you mean 'repeat'?"],
  ['every: 20s', 'every: 20 seconds', 'E015', '20 seconds', "did you mean '20s'?"],
  ['ip: "203.0.113.{n}"', 'ip_address: "203.0.113.{n}"', 'E042', 'ip_address', "did you mean 'ip'?"],
  ['score: ">= 10"', 'score: ">= 110"', 'E014', '">= 110"'],
  ['  - { wait: 2h }', '  -{ wait: 2h }', 'E001', '-', 'an item of a list begins with a dash and a space'],
  ['name: right', 'name: 7', 'E012', '7'],
  ['template_burst: {', 'templat_burst: {', 'E040', 'templat_burst', "did you mean 'template_burst'?"],
  ['template_burst: {', 'card_fraud_180d: {', 'E040', 'card_fraud_180d'],
  ['share: 0.0004', 'share: 4', 'E014', '4'],
  ['share: 0.0004', 'share: 0.0004, expected: 30', 'E021', '30'],
  ['c1, label: fraud }', 'c1, label: fraud, at: 2026-04-30, age: 3d }', 'E021', '3d'],
  ['share: 0.0004', 'others: 4', 'E011', 'others', 'share: 0.0004'],
  ['share: 0.0004', 'shar: 0.0004', 'E010', 'shar', "did you mean 'share'?"],
  [
    '{ payment.fingerprint: c1, label: fraud }',
    '{ payment.fingerprnt: c1, label: fraud }',
    'E026',
    'payment.fingerprnt',
    "did you mean 'payment.fingerprint'?",
  ],
  [
    '{ payment.fingerprint: c1, label: fraud }',
    '{ payment.fingerprint: c1, label: froud }',
    'E013',
    'froud',
    "did you mean 'fraud'?",
  ],
  ['{ payment.fingerprint: c1, label: fraud }', '{ payment.fingerprint: 17, label: fraud }', 'E012', '17'],
  [
    '{ payment.fingerprint: c1, label: fraud }',
    '{ payment.fingerprint: c1, label: fraud, at: 2026-05-02 }',
    'E045',
    '2026-05-02',
  ],
  ['{ payment.fingerprint: c1, age: 30d }', '{ payment.fingerprint: c1 }', 'E011', 'payment.fingerprint', 'age: 30d'],
  ['{ payment.fingerprint: c1, age: 30d }', '{ payment.fingerprint: c1, age: 30 days }', 'E015', '30 days'],
  ['burned: [c2]', 'burnd: [c2]', 'E040', 'burnd', "did you mean 'burned'?"],
  ['range: 203.0.113.0/24', 'range: 203.0.113.0/33', 'E043', '203.0.113.0/33'],
  ['country: DE', 'country: Germany', 'E043', 'Germany'],
  ['repeat: 3', 'repeat: 0', 'E014', '0'],
  ['every: 20s', 'every: 20', 'E015', '20'],
  ['type: signup', 'type: signupp', 'E013', 'signupp', "did you mean 'signup'?"],
  ['account.id: "a{n}"', 'acount.id: "a{n}"', 'E042', 'acount.id', "did you mean 'account.id'?"],
  ['account.id: "a{n}", ', '', 'E011', 'repeat'],
  ['"203.0.113.{n}"', '"203.0.113.{n+254}"', 'E043', '"203.0.113.{n+254}"', 'expected an IPv4 or IPv6 address'],
  ['confidence: 0.9', 'confidence: 9', 'E043', '9'],
  ['confidence: 0.9', 'confidence: sure', 'E043', 'sure'],
  ['confidence: 0.9', 'confidens: 0.9', 'E042', 'confidens', "did you mean 'device.confidence'?"],
  ['device: { confidence: 0.9 }', 'device: phone', 'E012', 'phone'],
  ['device: { confidence: 0.9 }', 'payment.bin: 45717360', 'E043', '45717360', "in quotes it is text: '45717360'"],
  ['api_key.id: k1, ', '', 'E011', 'type'],
  ['payment.funding: debit', "account.organization: '4111 1111 1111 1111'", 'E043', "'4111 1111 1111 1111'"],
  ['api_key.id: k1', 'api_key.id: k1, event_id: evt-2', 'E043', 'evt-2', 'give it an id of its own'],
  ['account.id: "a{n}"', 'account.id: "a{n}", event_id: e1', 'E043', 'e1', 'give it an id of its own'],
  [
    'account.id: "a{n}", ip: "203.0.113.{n}"',
    'account.id: a1, event_id: e1, ip: 203.0.113.1',
    'E043',
    'e1',
    "write 'occurred_at' in both",
  ],
  ['payment.funding: debit', 'payment.funding: debitt', 'E043', 'debitt', "did you mean 'debit'?"],
  ['{ wait: 2h }', '{ wiat: 2h }', 'E011', 'wiat', "did you mean 'wait'?"],
  ['{ wait: 2h }', '{ wait: two hours }', 'E015', 'two hours'],
  ['{ wait: 2h }', '{ wait: 2h, account.id: a1 }', 'E010', 'account.id'],
  ['{ wait: 2h }', '- wait', 'E012', '- wait'],
  ['label: fraud, account.id: a1, after: 1h', 'label: fraud, after: 1h', 'E011', 'label'],
  ['label: fraud, account.id: a1, after: 1h', 'label: fraud, account.id: a1, after: 1h, at: 2h', 'E021', '1h'],
  ['label: fraud, account.id: a1, after: 1h', 'label: fraud, account.id: a1, at: 2026-04-30', 'E045', '2026-04-30'],
  ['{ label: fraud, account.id: a1, after', '{ label: fraud, account.id: a7, after', 'E041', 'a7'],
  ['verify: phone', 'verify: fone', 'E013', 'fone', "did you mean 'phone'?"],
  ['result: passed', 'result: ok', 'E013', 'ok'],
  ['review: release', 'review: relase', 'E013', 'relase', "did you mean 'release'?"],
  ['event: 1-3', 'event: 1-5', 'E041', '1-5', 'events count from 1'],
  ['event: 1-3', 'event: 0', 'E041', '0', 'events count from 1'],
  ['event: 1-3', 'event: first', 'E041', 'first', '8, 1-7, [1, 3] or all'],
  ['event: 1-3, ', '', 'E011', 'fires'],
  ['event: 1-3', 'event: []', 'E041', '[]', '8, 1-7, [1, 3] or all'],
  ['fires: [payment-fraud]', 'fires: []', 'E011', '[]', 'fired: [] says that no live rule fires'],
  ['fires: [payment-fraud]', 'quiet: []', 'E011', '[]'],
  ['values: { signups_per_prefix_10m: 3, email.is_free: true }', 'values: {}', 'E011', '{}'],
  ['[payment-fraud]', '[payment-froud]', 'E040', 'payment-froud', "did you mean 'payment-fraud'?"],
  ['score: ">= 10"', 'score: "=> 10"', 'E046', '"=> 10"'],
  [
    'signups_per_prefix_10m: 3',
    'signups_per_prefix: 3',
    'E040',
    'signups_per_prefix',
    "did you mean 'signups_per_prefix_10m'?",
  ],
  ['signups_per_prefix_10m: 3', 'signups_per_prefix_10m: many', 'E046', 'many'],
  ['email.is_free: true', 'email.is_free: free', 'E012', 'free'],
  ['outcome: allow', 'outcome: admitted', 'E013', 'admitted'],
  ['state: admitted', 'state: admited', 'E013', 'admited', "did you mean 'admitted'?"],
  ['state: admitted, ', '', 'E011', 'event'],
  ['[velocity.burst]', '[velocity.brst]', 'E040', 'velocity.brst', "did you mean 'velocity.burst'?"],
  [
    '{ event: 4, outcome: allow, state: admitted, after: 1h, reasons: [velocity.burst], verify: [phone] }',
    '{ event: 4 }',
    'E011',
    'event',
  ],
];

describe('a file of sequence tests', () => {
  it('that is right has no problems', () => expect(problemsOfTests(right)).toEqual([]));

  const cases = mistakes.map(([before, after, code, marked, hint]) => ({ before, after, code, marked, hint }));

  it.each(cases)('with $before → $after is $code', ({ before, after, code, marked, hint }) => {
    expect(right).toContain(before);
    const text = right.replace(before, after);
    const found = problemsOfTests(text);
    expect(found.map((problem) => problem.code)).toEqual([code]);
    const [{ line, column, end_column, ...problem } = { line: 0, column: 0, end_column: 0 }] = found;
    expect(text.split('\n')[line - 1]?.slice(column - 1, end_column - 1)).toBe(marked);
    // The first suggestion; others may follow it.
    if (hint !== undefined) expect(problem).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  it('is warned of what is given and counted by nothing', () => {
    const text = right
      .replace('{ payment.fingerprint: c1, label', '{ device.fingerprint: c1, label')
      .replace('{ payment.fingerprint: c1, age', '{ ip.address: 203.0.113.4, age');
    const hint = 'they are counted by payment.fingerprint';
    expect(readTests(text)).toMatchObject({
      errors: [],
      warnings: [
        { code: 'W050', line: 6, column: 9, end_column: 27, hint },
        { code: 'W050', line: 8, column: 9, end_column: 19, hint },
      ],
    });
  });

  it('tells all of its mistakes in one run', () => {
    const text = right
      .replace('type: signup', 'type: signupp')
      .replace('state: admitted', 'state: admited')
      .replace('burned:', 'burnd:');
    expect(problemsOfTests(text).map(({ code }) => code)).toEqual(['E040', 'E013', 'E013']);
  });

  it('may hold several tests, whose names differ', () => {
    const test = (name: string) =>
      `  - name: ${name}\n    events: [{ type: signup, account.id: a, ip: 203.0.113.4 }]\n`;
    expect(problemsOfTests(`tests:\n${test('one')}${test('two')}`)).toEqual([]);
    expect(problemsOfTests(`tests:\n${test('one')}${test('one')}`)).toMatchObject([
      { code: 'E020', line: 4, column: 11 },
    ]);
    expect(problemsOfTests(`test:\n${test('one')}`).map(({ code }) => code)).toContain('E010');
    expect(problemsOfTests('tests:\n  - one\n')).toMatchObject([{ code: 'E012' }]);
  });

  it('says what YAML has to say in one line', () => {
    expect(problemsOfTests('name: [unclosed\n')).toMatchObject([{ code: 'E001', file: 'tests/one.test.yml' }]);
  });
});

describe('the fields of events that authors may write', () => {
  const namesIn = (schema: unknown, prefix: string): readonly string[] => {
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    if (!(inner instanceof z.ZodObject)) return [prefix];
    return Object.entries(inner.shape).flatMap(([key, value]) =>
      namesIn(value, prefix === '' ? key : `${prefix}.${key}`),
    );
  };

  it('are those of the service, each and all', () => {
    const sent = [...new Set(eventSchema.options.flatMap((option) => namesIn(option, '')))].filter(
      (name) => name !== 'type',
    );
    expect(eventFields.map(({ name }) => name).sort()).toEqual(sent.sort());
  });

  it.each([
    ['email.verified: true', 'email.address'],
    ['phone.verified: true', 'phone.number'],
    ['api_key.scopes: [messages]', 'api_key.id'],
  ])('%s needs %s', (written, needed) => {
    const text = `name: part\nevents: [{ type: signup, account.id: a, ip: 203.0.113.4, ${written} }]\n`;
    expect(problemsOfTests(text)).toMatchObject([{ code: 'E011', message: expect.stringContaining(needed) }]);
  });
});
