import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapePointerStep } from '../../src/model/json-pointer.js';
import { repeatedKey } from '../../src/model/repeated-key.js';

/** JSON as it is written: an object is a list of members, and may have one twice. */
type Written =
  | { readonly kind: 'text'; readonly json: string }
  | { readonly kind: 'array'; readonly items: readonly Written[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Written])[] };

const names = ['ip', 'a', '', '__proto__', 'constructor', '0', 'a/b~c', 'a"b\\', 'é', '\u{1f600}', ':{},[]', '\n'];
const anyKey = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 3 }));
const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(...names),
  fc.double(),
  fc.boolean(),
);
const text = fc.record({
  kind: fc.constant('text' as const),
  json: scalar.map((value) => JSON.stringify(value ?? null)),
});
const { tree } = fc.letrec<{ tree: Written }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.record({ kind: fc.constant('array' as const), items: fc.array(tie('tree'), { maxLength: 4 }) }),
    fc.record({
      kind: fc.constant('object' as const),
      members: fc.array(fc.tuple(anyKey, tie('tree')), { maxLength: 5 }),
    }),
  ),
}));

/** Slow and plain: every object by itself, in the order of the text. */
function firstRepeated(written: Written, path = ''): string | undefined {
  if (written.kind === 'text') return undefined;
  const seen = new Set<string>();
  const members =
    written.kind === 'array' ? written.items.map((item, n) => [String(n), item] as const) : written.members;
  for (const [key, value] of members) {
    const pointer = `${path}/${escapePointerStep(key)}`;
    if (seen.has(key)) return pointer;
    seen.add(key);
    const inside = firstRepeated(value, pointer);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** With blanks where JSON allows them, and any letter written as its code. */
function print(written: Written, next: () => number): string {
  const blank = () => ['', '', ' ', '\n\t', '\r'][next() % 5] ?? '';
  const escaped = (key: string) =>
    `"${[
      ...JSON.stringify(key)
        .slice(1, -1)
        .matchAll(/\\u....|\\.|./gs),
    ]
      .map(([one]) =>
        one.length === 1 && next() % 3 === 0 ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : one,
      )
      .join('')}"`;
  const whole = (): string => {
    if (written.kind === 'text') return written.json;
    if (written.kind === 'array') return `[${blank()}${written.items.map((item) => print(item, next)).join(',')}]`;
    const members = written.members.map(([key, value]) => `${escaped(key)}${blank()}:${print(value, next)}`);
    return `{${blank()}${members.join(`${blank()},${blank()}`)}}`;
  };
  return `${blank()}${whole()}${blank()}`;
}

describe('a key that stands twice in its object', () => {
  it('is found wherever and however it is written, and nothing else is', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.nat()), (written, numbers) => {
        const json = print(written, () => Number(numbers.next().value));
        expect(repeatedKey(json, JSON.parse(json))).toBe(firstRepeated(written));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['{"ip":"1.1.1.1","ip":"2.2.2.2"}', '/ip'],
    ['{"ip":1,"\\u0069p":2}', '/ip'],
    ['{"a":[{"b":1},{"b":1,"c":{"d":1,"d":1}}]}', '/a/1/c/d'],
    ['{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['{"a":"\\\\","a":"}"}', '/a'],
    ['{"a":{"4111111111111111":{"b":1,"b":2}}}', '/a'],
    ['{"4111 1111 1111 1111":1,"4111 1111 1111 1111":2}', ''],
  ])('is named by its pointer, without a card number in it: %s', (json, pointer) => {
    expect(repeatedKey(json, JSON.parse(json))).toBe(pointer);
  });

  it.each(['{}', 'null', '"a:b"', '{"a":{"a":{"a":1}}}', '[{"a":1},{"a":1}]', '{"a":"{\\"a\\":1}"}', '{"a":1,"A":2}'])(
    'is none in %s',
    (json) => {
      expect(repeatedKey(json, JSON.parse(json))).toBeUndefined();
    },
  );

  it('is found in depths and lengths that a call stack or a square of them would not bear', () => {
    const deep = `${'[{"a":'.repeat(9000)}{"b":1,"b":2}${'}]'.repeat(9000)}`;
    expect(repeatedKey(deep, JSON.parse(deep))).toMatch(/^(\/0\/a)+/);
    const escapes = `{"a":"${'\\\\'.repeat(500_000)}","a":"${'\\"'.repeat(500_000)}"}`;
    expect(repeatedKey(escapes, JSON.parse(escapes))).toBe('/a');
  });
});
