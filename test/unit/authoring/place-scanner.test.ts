import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { placeAt } from '../../../src/authoring/place-scanner.js';
import { textBefore } from '../../../src/authoring/rule-place.js';
import { ProblemSink } from '../../../src/ruleset/problem-sink.js';
import { readAnyYaml, readYaml } from '../../../src/ruleset/yaml/read-yaml.js';
import { SourceFile } from '../../../src/ruleset/yaml/source-file.js';
import type { YamlNode } from '../../../src/ruleset/yaml/yaml-node.js';
import { marked } from '../../support/marked.js';
import { rightRules } from '../../support/rule-files.js';

const place = (text: string) => {
  const { text: whole, offset } = marked(text);
  const found = placeAt(whole, offset);
  return found === undefined ? undefined : `${found.role} ${found.path.join('.')}`;
};
const before = (text: string) => {
  const { text: whole, offset } = marked(text);
  const found = placeAt(whole, offset);
  return found === undefined ? undefined : textBefore(whole, found, offset);
};

describe('the place of the cursor', () => {
  it.each([
    ['rules:\n  - id: a\n    fam▮', 'key rules.[]'],
    ['rules:\n  - id: a\n    ▮\n    when: x', 'key rules.[]'],
    ['rules:\n  - id: a\n    family: ▮', 'value rules.[].family'],
    ['rules:\n  - ▮', 'value rules.[]'],
    ['rules:\n  - i▮', 'value rules.[]'],
    ['rules:\n- id: a\n  wh▮en: x', 'key rules.[]'],
    ['rules:\n  - id: a\n    when: ip.is_vpn && ▮', 'value rules.[].when'],
    ['rules:\n  - id: a\n    on: [signup, ▮]', 'value rules.[].on.[]'],
    ['rules:\n  - id: a\n    on:\n      - ▮', 'value rules.[].on.[]'],
    ['rules:\n  - id: a\n    tests:\n      - { name: x, ▮ }', 'key rules.[].tests.[]'],
    ['rules:\n  - id: a\n    tests:\n      - { name: x, given: { ip.▮ } }', 'key rules.[].tests.[].given'],
    ['rules:\n  - id: a\n    tests:\n      - { name: x, expect: ▮ }', 'value rules.[].tests.[].expect'],
    [
      'rules:\n  - id: a\n    tests:\n      - { name: x, given: {\n          ip.is_vpn: true,\n          ▮',
      'key rules.[].tests.[].given',
    ],
    ['features:\n  f: { count: event, by: [ip.▮], window: 1h }', 'value features.f.by.[]'],
    ['features:\n  f:\n    ▮', 'value features.f'],
    ['features:\n  ▮', 'value features'],
    ['features:\n  f: { count: event }\n  ▮', 'key features'],
    ['▮', 'key '],
    ['features:\n  f: { count: event }\n▮', 'key '],
    ['rules:\n  - id: a\n    when: >\n      ip.is_vpn &&\n      ▮\n    points: 1', 'value rules.[].when'],
    ['rules:\n  - id: a\n    when: |\n      ip.is_vpn &&\n        ip.▮', 'value rules.[].when'],
    ['rules:\n  - id: a\n    when:\n      ip.is_vpn &&\n      ip.▮', 'value rules.[].when'],
    ['rules:\n  - id: a\n    when: "ip.▮\n    points: 1\n', 'value rules.[].when'],
    ["rules:\n  - id: a\n    when: 'ip.is_vpn\n    po▮: 1\n", 'key rules.[]'],
    ["rules:\n  - id: a\n    when: 'ip.is_vpn\n  - id: b\n    when: ip.▮", 'value rules.[].when'],
    ['rules:\n  - id: a\n    on: [signup\n    when: ip.▮', 'value rules.[].when'],
    ['rules:\n  - id: a # com▮ment', undefined],
    ['# com▮ment\nrules:', undefined],
  ])('in %j is %s', (text, expected) => {
    expect(place(text)).toBe(expected);
  });

  it('knows the other keys of the map, those below too', () => {
    const { text, offset } = marked('rules:\n  - id: a\n    ▮\n    when: x\n    points: 1\n  - id: b\n    owner: c\n');
    expect(placeAt(text, offset)?.siblings).toEqual(['id', 'when', 'points']);
  });

  it.each([
    ['when: a == "b" && c▮', 'a == "b" && c'],
    ['when: \'a == "b" && c▮\'', 'a == "b" && c'],
    ["when: 'it''s ▮'", "it's "],
    ['when: "a == \\"b▮\\""', 'a == "b'],
    ['when: >\n  a &&\n  b▮', 'a && b'],
    ['when: |-\n  a &&\n  b▮\nx: 1', 'a && b'],
    ['when: a &&\n  b ▮', 'a && b '],
    ['t: [{ when: a == ▮ }]', 'a == '],
  ])('in %j has %j before it', (text, expected) => {
    expect(before(text)).toBe(expected);
  });

  const rules = join(process.cwd(), 'rules');
  const files = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yml'));
  const texts = [...files.map((path) => readFileSync(join(rules, path), 'utf8')), rightRules];

  it('is that of the YAML reader, for every key and value of the default rules', () => {
    const wrong: string[] = [];
    for (const text of texts)
      for (const read of [readYaml, readAnyYaml]) {
        const root = read(new SourceFile('x.yml', text), new ProblemSink());
        if (root !== undefined)
          check(root, [], (node, role, path) => {
            const found = placeAt(text, node.start + 1);
            const same = found?.role === role && found.path.join('.') === path.join('.') && found.start === node.start;
            if (!same) wrong.push(`${role} ${path.join('.')} at ${node.start}: ${JSON.stringify(found)}`);
          });
      }
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

type Visit = (node: YamlNode, role: 'key' | 'value', path: readonly string[]) => void;

/** Every twentieth part of a file: the scan begins at its top each time. */
let count = 0;
function check(node: YamlNode, path: readonly string[], visit: Visit): void {
  if (node.kind === 'scalar' && node.text.length > 1 && count++ % 20 === 0) visit(node, 'value', path);
  if (node.kind === 'list') for (const item of node.items) check(item, [...path, '[]'], visit);
  if (node.kind === 'map')
    for (const { key, value } of node.entries.values()) {
      if (key.text.length > 1 && count++ % 20 === 0) visit(key, 'key', path);
      check(value, [...path, key.text], visit);
    }
}
