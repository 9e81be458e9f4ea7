import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProblemSink } from '../../src/ruleset/problem-sink.js';
import { readPlainYaml } from '../../src/ruleset/yaml/read-plain-yaml.js';
import { readAnyYaml } from '../../src/ruleset/yaml/read-yaml.js';
import { SourceFile } from '../../src/ruleset/yaml/source-file.js';
import type { YamlNode } from '../../src/ruleset/yaml/yaml-node.js';

const folder = join(import.meta.dirname, '../../rules');
const defaultFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yml'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Everything that errors, values and hints are made of: kinds, values, texts, and where they are shown. */
function described(node: YamlNode): unknown {
  const place = node.file.place(node);
  if (node.kind === 'list') return { place, items: node.items.map(described) };
  if (node.kind === 'map')
    return {
      place,
      entries: [...node.entries].map(([name, { key, value }]) => [name, described(key), described(value)]),
    };
  const within = Array.from({ length: node.text.length + 1 }, (_, at) => [
    node.locate({ start: at, end: at }),
    node.locate({ start: at, end: node.text.length }),
  ]);
  return { start: node.start, end: node.end, value: node.value, type: typeof node.value, text: node.text, within };
}

/** Both readings of a text; the plain one may leave it to the other. */
function both(text: string) {
  const file = new SourceFile('rules.yml', text);
  const plain = readPlainYaml(file);
  if (plain === undefined) return undefined;
  const sink = new ProblemSink();
  const any = readAnyYaml(file, sink);
  return { plain: described(plain), any: any && described(any), problems: [...sink.errors, ...sink.warnings] };
}

function expectSame(text: string): boolean {
  const read = both(text);
  if (read === undefined) return false;
  if (read.problems.length > 0) expect(read.problems).toEqual([]);
  // As texts: comparing trees of thousands of places takes far longer than reading them.
  if (JSON.stringify(read.plain) !== JSON.stringify(read.any)) expect(read.plain).toEqual(read.any);
  return true;
}

const pieces = [
  ...['\n', '\n  ', '\n    ', ' ', '  ', '- ', '-', ': ', ':', ', ', ',', '{', '}', '{ }', '[', ']', '"', "'", "''"],
  ...[
    '|\n',
    '>\n',
    '!x ',
    '&a ',
    '*a',
    '<<: ',
    '---\n',
    '...',
    '#',
    ' # x',
    '%',
    '\t',
    '\r\n',
    '?',
    '? ',
    '\\',
    '@',
    '`',
  ],
  ...[
    'null',
    '~',
    'true',
    'True',
    '-0',
    '0.50',
    '007',
    '1e3',
    '.5',
    '0x1f',
    '-',
    '+1',
    '-.inf',
    '\u{1F600}',
    'é',
    '\u2028',
  ],
  ...['a: b', '\n- a', '\nkey: value', '\n  deeper: 1', 'x:y', 'a #b', 'a# b', "'it''s'", '"q"', '=', '=='],
];

const small = [
  'rules:\n  - id: a\n    on: [signup]\n    when: x > 1 && y == "z"\n    tests:\n      - { name: t, given: { a: 1 }, expect: fires }\n',
  'policy:\n  limit: { requests_per_day: 50 }\n  share: 0.5%\nreasons:\n- code: a.b\n  title: "it is so"\n- c\n',
  "a: 'it''s' # why\nb: -1\nc: [1, 2.5, true, null]\n\n# end\n",
];

const mutation = fc.record({
  at: fc.nat(5000),
  cut: fc.integer({ min: 0, max: 12 }),
  insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
});

const mutated = fc
  .record({
    base: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...small) },
      fc.constantFrom(...defaultFiles).map((text) => text.slice(0, 600)),
    ),
    changes: fc.array(mutation, { maxLength: 3 }),
  })
  .map(({ base, changes }) =>
    changes.reduce((text, { at, cut, insert }) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + insert + text.slice(from + cut);
    }, base),
  );

describe('YAML that is written plainly', () => {
  it('is what all files of the default rules are, and they read as the library reads them', () => {
    const plain = defaultFiles.filter(expectSame);
    expect(plain.length).toBeGreaterThanOrEqual(defaultFiles.length - 2);
  });

  it('reads as the library reads it, whatever was changed in it, or is left to the library', () => {
    let plain = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if (expectSame(text)) plain++;
      }),
      { numRuns: 2000 },
    );
    expect(plain).toBeGreaterThan(100);
  });
});
