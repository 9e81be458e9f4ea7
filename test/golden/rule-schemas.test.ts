import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
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
});
