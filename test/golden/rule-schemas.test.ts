import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { keysOf, schemasAt } from '../../src/authoring/schema-at.js';
import { eventFields } from '../../src/model/event-fields.js';
import { linkKeys } from '../../src/ruleset/read-link.js';
import { policyKeys } from '../../src/ruleset/read-policy.js';
import { ruleKeys } from '../../src/ruleset/read-rule.js';
import { ruleSchemas } from '../../src/ruleset/rule-schemas.js';
import { violations } from '../support/json-schema.js';
import { rightRules } from '../support/rule-files.js';

const rules = join(process.cwd(), 'rules');
const files = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yml'));
const schemas = ruleSchemas();
const text = (path: string): string => readFileSync(join(rules, path), 'utf8');
const schemaNamed = (name: string) => {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  return schema;
};

describe('the schemas in rules/schema', () => {
  it('are what `rules schema` writes now', () => {
    const written = Object.keys(schemas).map((name) => [name, JSON.parse(text(join('schema', name)))]);
    expect(Object.fromEntries(written)).toEqual(JSON.parse(JSON.stringify(schemas)));
    expect(readdirSync(join(rules, 'schema')).sort()).toEqual(Object.keys(schemas).sort());
  });

  it.each(files)('are named by %s, which fits', (path) => {
    const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text(path))?.[1] ?? '';
    const schema = relative(join(rules, 'schema'), join(rules, dirname(path), named));
    expect(violations(schemaNamed(schema), parse(text(path)))).toEqual([]);
  });

  it.each([
    ['family: payment', 'family: paymnet', '/rules/0/family: paymnet is not allowed'],
    ['owner: abuse-team\n    mode', 'ownr: abuse-team\n    mode', '/rules/0: unknown ownr'],
    ['window: 10m', 'window: 10 minutes', '/features/signups_per_prefix_10m/window: does not match ^[0-9]+[smhdw]$'],
    ['count: event', 'count: events', '/features/signups_per_prefix_10m/count: events is not allowed'],
    ['mode: live', 'mode: { rollout: lots }', '/rules/0/mode: fits 0 of the alternatives'],
  ])('tell an editor that %s is not %s', (right, wrong, expected) => {
    expect(violations(schemaNamed('rules.json'), parse(rightRules))).toEqual([]);
    expect(violations(schemaNamed('rules.json'), parse(rightRules.replace(right, wrong)))).toContain(expected);
  });

  it.each([
    ['points: 40', 'points: true', '/rules/0/points: is no number,string'],
    ['at_least: hold', 'at_least: allow', '/rules/0/at_least: allow is not allowed'],
    ['on: [signup]', 'on: [sign_up]', '/features/signups_per_prefix_10m/on/0: sign_up is not allowed'],
    ['by: [ip.prefix]', 'by: [ip.prefx]', '/features/signups_per_prefix_10m/by/0: ip.prefx is not allowed'],
    [
      'count: event, by',
      'count: event, baseline: 21d, by',
      '/features/signups_per_prefix_10m: fits 0 of the alternatives',
    ],
    ['distinct: account.id, ', '', '/features/accounts_per_card_90d: fits 0 of the alternatives'],
    [', window: 90d', '', '/features/accounts_per_card_90d: fits 0 of the alternatives'],
    ['expect: unknown', 'expect: maybe', '/rules/0/tests/1/expect: maybe is not allowed'],
    ['ip.is_vpn: true', 'ip.is_vpn: 1', '/rules/1/tests/0/given/ip.is_vpn: fits none of the alternatives'],
    ['until: 2030-01-01', 'until: next year', '/rules/0/except/0/until: does not match ^[0-9]{4}-[0-9]{2}-[0-9]{2}$'],
    ['hold: 60', 'hold: 600', '/policy/thresholds/hold: is too large'],
    ['id: network-anonymous', 'id: Network', '/rules/1/id: does not match ^[a-z][a-z0-9-]{0,63}$'],
    [
      'public: additional_verification_required',
      'public: fraud',
      '/reasons/payment.reused/public: fraud is not allowed',
    ],
    ['verify: [payment]', 'verify: []', '/rules/0/verify: has too few items'],
  ])('refuse %s as %s', (right, wrong, expected) => {
    expect(violations(schemaNamed('rules.json'), parse(rightRules.replace(right, wrong)))).toContain(expected);
  });

  const sequence = `
name: burst from one /24 fires on the 8th
clock: 2026-05-01T00:00:00Z
given: { baseline: { template_burst: { share: 0.0004 } }, labels: [{ payment.fingerprint: fp1, label: fraud }], lists: { vpn: [203.0.113.7] } }
events:
  - { repeat: 9, every: 20s, type: signup, account.id: "a{n}", email.address: "u{n}@ex{n}.com", ip: "203.0.113.{n}" }
  - { type: signup, account: { id: b }, device: { languages: [de], client_hints.mobile: false } }
  - { wait: 1d }
  - { label: fraud, account.id: a1, after: 1h }
expect:
  - { event: 7, quiet: [velocity-prefix-burst] }
  - { event: 8, fires: velocity-prefix-burst, outcome: limit, score: ">= 30" }
  - { event: [1, 2], fired: [], state: admitted, after: 1h }
`;

  it.each([
    ['outcome: limit', 'outcome: limited', '/expect/1/outcome: limited is not allowed'],
    ['event: 7, ', '', '/expect/0: lacks event'],
    ['share: 0.0004', 'share: 4', '/given/baseline/template_burst/share: is too large'],
    ['label: fraud }]', 'label: bad }]', '/given/labels/0/label: bad is not allowed'],
    ['repeat: 9', 'repeats: 9', '/events/0: fits 0 of the alternatives'],
    ['type: signup, account: ', 'account: ', '/events/1: fits 0 of the alternatives'],
    ['wait: 1d', 'wait: long', '/events/2: fits 0 of the alternatives'],
    ['name: burst', 'nam: burst', ': lacks name'],
    ['quiet:', 'quite:', '/expect/0: unknown quite'],
  ])('of sequence tests refuse %s as %s', (right, wrong, expected) => {
    const schema = schemaNamed('tests.json');
    expect(violations(schema, parse(sequence))).toEqual([]);
    const found = violations(schema, parse(sequence.replace(right, wrong)));
    expect(found.map((text) => text.replace(/^: fits 0 of the alternatives$/, ': lacks name'))).toContain(expected);
  });

  it('tell of every key what it is for', () => {
    const bare = Object.entries(schemas).flatMap(([name, schema]) => keysWithoutWords(schema, name));
    expect(bare).toEqual([]);
  });

  it('know every key that the loader knows', () => {
    const properties = (path: readonly string[]): readonly string[] =>
      [...keysOf(schemasAt(schemaNamed('rules.json'), path)).keys()].sort();
    expect(properties([])).toEqual(['features', 'links', 'policy', 'predicates', 'reasons', 'rules', 'version']);
    expect(properties(['rules', '[]'])).toEqual([...ruleKeys.known].sort());
    expect(properties(['links', 'x'])).toEqual([...linkKeys.known].sort());
    expect(properties(['policy'])).toEqual([...policyKeys].sort());
  });
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields of events are named by the contract; everything else is explained. */
function keysWithoutWords(schema: unknown, at: string): readonly string[] {
  if (!isObject(schema)) return [];
  const inner = Object.entries(schema).flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.flatMap((one) => keysWithoutWords(one, `${at}/${key}`))
      : keysWithoutWords(value, `${at}/${key}`),
  );
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const bare = properties.filter(
    ([key, value]) => isObject(value) && !('description' in value) && !('$ref' in value) && !isField(key),
  );
  return [...bare.map(([key]) => `${at}: ${key}`), ...inner];
}

const parts = new Set(
  eventFields.flatMap(({ name }) =>
    name.split('.').flatMap((_, n, all) => [all.slice(n).join('.'), all.slice(0, n + 1).join('.'), all[n] ?? '']),
  ),
);
const isField = (key: string): boolean => parts.has(key);
