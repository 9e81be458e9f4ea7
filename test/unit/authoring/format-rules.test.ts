import { describe, expect, it } from '@jest/globals';
import { formatExpression } from '../../../src/authoring/format-expression.js';
import { formatRules } from '../../../src/authoring/format-rules.js';
import { lineDiff } from '../../../src/authoring/line-diff.js';

const format = (text: string, path = 'rules.yml'): string => formatRules(path, text).text;

describe('an expression', () => {
  it.each([
    ['a>=3&&b==4', 'a >= 3 && b == 4'],
    ['min( 30,9*log2( a ) )', 'min(30, 9 * log2(a))'],
    ['! has( x )||-a<- 3', '!has(x) || -a < -3'],
    ['x in["a","b" ]', 'x in ["a", "b"]'],
    ['x in ( y )', 'x in (y)'],
    ['email . domain . endsWith ( ".edu" )', 'email.domain.endsWith(".edu")'],
    ["a  ==  'b  c'", "a == 'b  c'"],
    ['a - b - -c', 'a - b - -c'],
    ['x in [ ]', 'x in []'],
    ['a &&', undefined],
    ['a && // because\n b', undefined],
    ['a == "x', undefined],
  ])('%s is written %s', (text, expected) => {
    expect(formatExpression(text)).toBe(expected);
  });
});

describe('a rule in braces', () => {
  const parts = 'owner: a, id: one, family: device, on: [signup], when: a>3, points: 1, reason: device.automation';
  const inBraces = (more: string): string => `rules:\n  - { ${parts}${more} }\n`;

  it('stays on its line where that is short', () =>
    expect(format(inBraces(''))).toBe(`rules:
  - { id: one, family: device, on: [signup], when: a > 3, points: 1, reason: device.automation, owner: a }
`));

  it('gets a line for each key where its own would be too long, once', () => {
    const formatted = format(inBraces(', mode: shadow, title: "some words"'));
    expect(formatted).toBe(`rules:
  - id: one
    family: device
    on: [signup]
    when: a > 3
    points: 1
    reason: device.automation
    title: "some words"
    owner: a
    mode: shadow
`);
    expect(format(formatted)).toBe(formatted);
  });
});

describe('a rules file', () => {
  it('gets the usual order of keys, indentation and spaces, and keeps its comments', () => {
    const text = `# yaml-language-server: $schema=../schema/rules.json


rules:
    # why there is this rule
    -   when: a>=3&&b   # three are a family
        id: one
        # as agreed
        points: min( 3,a )


        owner:   abuse-team
        on:
            - signup
            - api_key_created
        family: payment
        reason: payment.reused
        tests:
            - {given: {a:   3},   name: x, expect: fires}
            - name: y
              given: {  }
              expect: unknown
    # the end of the list

features:
    a: {by: [ip.prefix], count: event,window: 10m}   # ten
    b:
        window: 24h
        distinct: account.id
        by:
            - ip.prefix
# the end`;
    expect(format(text)).toBe(
      `# yaml-language-server: $schema=../schema/rules.json

rules:
  # why there is this rule
  - id: one
    family: payment
    on: [signup, api_key_created]
    when: a >= 3 && b # three are a family
    # as agreed
    points: min( 3,a )
    reason: payment.reused

    owner: abuse-team
    tests:
      - { name: x, given: { a: 3 }, expect: fires }
      - { name: y, given: {}, expect: unknown }
# the end of the list

features:
  a: { count: event, by: [ip.prefix], window: 10m } # ten
  b: { distinct: account.id, by: [ip.prefix], window: 24h }
# the end
`.replace('min( 3,a )', 'min(3, a)'),
    );
  });

  it.each([
    [
      'a folded text',
      'rules:\n    - id: a\n      when: >-\n          a &&\n            b\n      points: 1\n',
      'rules:\n  - id: a\n    when: >-\n        a &&\n          b\n    points: 1\n',
    ],
    [
      'a text on several plain lines',
      'rules:\n    - id: a\n      when: a &&\n        b\n',
      'rules:\n  - id: a\n    when: a &&\n      b\n',
    ],
    ['a text below its key', 'predicates:\n  p:\n    a &&\n    b\n', 'predicates:\n  p:\n    a &&\n    b\n'],
    ['quotes', "predicates:\n  p: '!a&&b'\n", "predicates:\n  p: '!a && b'\n"],
    [
      'a flow map on several lines that fits on one',
      'features:\n  a: {\n    count: event,\n    window: 10m\n  }\n',
      'features:\n  a: { count: event, window: 10m }\n',
    ],
    [
      'a comment within a flow list',
      'features:\n  a: { by: [\n    ip.prefix, # why\n    ip.asn ] }\n',
      'features:\n  a: { by: [\n    ip.prefix, # why\n    ip.asn ] }\n',
    ],
    [
      'a block with a comment within',
      'features:\n  a:\n    # why\n    count: event\n',
      'features:\n  a:\n    # why\n    count: event\n',
    ],
    ['a dash of its own', 'rules:\n  -\n    id: a\n', 'rules:\n  - id: a\n'],
    ['lists at the column of their key', 'rules:\n- id: a\n- id: b\n', 'rules:\n  - id: a\n  - id: b\n'],
    ['line ends of Windows', 'version: a\r\n', 'version: a\n'],
    ['nothing', '', '\n'],
    ['only comments', '\n# a\n', '# a\n'],
  ])('keeps %s', (_what, text, expected) => {
    expect(format(text)).toBe(expected);
    expect(format(expected)).toBe(expected);
  });

  it('leaves a list or a map alone that would be longer than 120 columns', () => {
    const long = `features:\n  a:\n    count: event\n    by:\n${Array.from({ length: 12 }, (_, n) => `      - signal.number_${n}\n`).join('')}    window: 10m\n`;
    expect(format(long)).toBe(long);
  });

  it('tells sequence tests in the order of their author', () => {
    const text = 'name: a\nevents:\n  - { type: signup,  ip: 1.2.3.4 }\nexpect:\n  - { outcome: limit, event: 1 }\n';
    expect(format(text, 'tests/a.test.yml')).toBe(text.replace(',  ', ', '));
  });

  it('leaves a file as it is where a comment would be lost', () => {
    const odd = 'rules:\n  -   # odd\n    id: a\n';
    expect(formatRules('rules.yml', odd)).toEqual({ text: odd, errors: [], left: 'comment' });
  });

  it('leaves a file as it is where a text keeps its blank lines', () => {
    const kept = 'rules:\n  - id: a\n    when: |2+\n      a &&\n      b\n\n\n    points: 1\n';
    expect(formatRules('rules.yml', kept)).toEqual({ text: kept, errors: [], left: 'text' });
  });

  it('says what is wrong with a broken file and leaves it as it is', () => {
    const broken = 'rules:\n  - id: "a\n';
    const { text, errors } = formatRules('rules.yml', broken);
    expect(text).toBe(broken);
    expect(errors[0]).toMatchObject({ code: 'E001', file: 'rules.yml' });
  });
});

describe('a difference', () => {
  it('is shown as a unified diff', () => {
    const before = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
    const after = before.replace('line 3\n', '').replace('line 20', 'line twenty\nand more');
    expect(lineDiff('a.yml', before, after)).toBe(`--- a.yml
+++ a.yml
@@ -1,7 +1,6 @@
 line 0
 line 1
 line 2
-line 3
 line 4
 line 5
 line 6
@@ -18,7 +17,8 @@
 line 17
 line 18
 line 19
-line 20
+line twenty
+and more
 line 21
 line 22
 line 23
`);
    expect(lineDiff('a.yml', before, before)).toBe('');
  });
});
