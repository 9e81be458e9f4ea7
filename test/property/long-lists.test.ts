import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listLines, parseListFile, parseListSteps } from '../../src/lists/parse-list-file.js';
import { parseIpAddress, parseIpRange, rangeContains } from '../../src/model/ip-address.js';
import type { ListKind, NamedList } from '../../src/model/list.js';
import { runInSlices } from '../../src/model/steps.js';

/** Every look at the clock is a slice of its own. */
const pace = () => {
  let now = 0;
  return { elapsed: () => ++now, breathe: () => Promise.resolve(), sliceMs: 1 };
};

/** The slow way: the text split as a whole, every entry looked at. */
function oracle(text: string, kind: ListKind): (asked: string) => boolean {
  const entries = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(^|\s)#.*$/s, '').trim())
    .filter((entry) => entry !== '');
  if (kind === 'value') return (asked) => entries.some((one) => one.toLowerCase() === asked.trim().toLowerCase());
  if (kind === 'asn') {
    const asns = entries.map((one) => Number(one.replace(/^as/i, '')));
    return (asked) => asns.includes(Number(asked.replace(/^as/i, '')));
  }
  const ranges = entries.flatMap((one) => parseIpRange(one) ?? []);
  return (asked) => {
    const address = parseIpAddress(asked);
    return address !== undefined && ranges.some((range) => rangeContains(range, address));
  };
}

async function bothWays(text: string): Promise<readonly NamedList[]> {
  const parsed = [parseListFile('trial', text), await runInSlices(parseListSteps('trial', text), pace())];
  return parsed.map((one) => {
    if (one?.ok !== true) throw new Error(JSON.stringify(one));
    return one.value;
  });
}

const small = fc.integer({ min: 0, max: 12 });
const v4 = fc.tuple(small, small).map(([a, b]) => `10.0.${a}.${b}`);
const v6 = fc.tuple(small, small).map(([a, b]) => `2001:db8:${a.toString(16)}::${b.toString(16)}`);
const address = fc.oneof(v4, v6, fc.constantFrom('0.0.0.0', '255.255.255.255', '::', 'ffff:ffff::', '::ffff:10.0.1.1'));
const range = fc.oneof(
  address,
  fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([base, bits]) => `${base}/${bits}`),
  fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([base, bits]) => `${base}/${bits}`),
);
const asn = fc.oneof(small, fc.constantFrom(0, 4_294_967_295)).map((number) => `AS${number}`);
const value = fc.oneof(
  fc.constantFrom('a.example', 'A.Example', 'a#b', 'İ', 'straße', '\u{1F600}', 'x y'),
  fc.string({ unit: fc.constantFrom('a', 'B', '.', 'ä'), minLength: 1, maxLength: 3 }),
);
const entries: Readonly<Record<ListKind, fc.Arbitrary<string>>> = { value, cidr: range, asn };
const asked: Readonly<Record<ListKind, fc.Arbitrary<string>>> = { value, cidr: address, asn };

const fileOf = (kind: ListKind) =>
  fc
    .array(fc.tuple(entries[kind], fc.constantFrom('', ' ', ' # why', '\t#')), { maxLength: 40 })
    .chain((lines) =>
      fc
        .tuple(fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\n # only a comment\n'), fc.constantFrom('', '\uFEFF'))
        .map(([end, mark]) => `${mark}# type: ${kind}${end}${lines.map((line) => line.join('')).join(end)}`),
    );

describe.each<ListKind>(['value', 'cidr', 'asn'])('a list of kind %s', (kind) => {
  it('answers alike whether it was made at once or in steps, and like a walk over its lines', async () => {
    await fc.assert(
      fc.asyncProperty(fileOf(kind), fc.array(asked[kind], { maxLength: 20 }), async (text, questions) => {
        const slow = oracle(text, kind);
        const [atOnce, inSteps] = await bothWays(text);
        expect(inSteps?.size).toBe(atOnce?.size);
        for (const question of [...questions, ...listLines(text)]) {
          expect([question, atOnce?.has(question)]).toEqual([question, slow(question)]);
          expect([question, inSteps?.has(question)]).toEqual([question, slow(question)]);
        }
      }),
      { numRuns: 80 },
    );
  });
});

/** So many that every piece, index and table has more than one part. */
const many = 40_000;
/** Every third of the numbers is in the list; the list is not in order. */
const mixed = (index: number): number => ((index * 7919) % many) * 3;
const written: Readonly<Record<string, (number: number) => string>> = {
  value: (number) => `M${number}.example`,
  asn: (number) => `AS${number}`,
  'IPv4 cidr': (number) => `${1 + (number >>> 16)}.${(number >>> 8) & 255}.${number & 255}.0/24`,
  'IPv6 cidr': (number) => `2001:${number >>> 8}:${(number & 255).toString(16)}::/48`,
};
const first = (text: string): string => text.replace(/(\.0|::)\/\d+$/, '$1');

describe.each(Object.entries(written))('a long list of %s', (_, write) => {
  const text = Array.from({ length: many }, (_line, index) => `${write(mixed(index))}\n`).join('');

  it('holds each of its entries and nothing else', () => {
    const parsed = parseListFile('long', text);
    const list = parsed.ok ? parsed.value : undefined;
    expect(list?.size).toBe(many);
    const wrong = Array.from({ length: many * 3 }, (_number, number) => number).filter(
      (number) => list?.has(first(write(number))) !== (number % 3 === 0),
    );
    expect(wrong).toEqual([]);
  });

  it('is given up as soon as it is overtaken, at whatever step', async () => {
    const total = [...parseListSteps('long', text)].length;
    expect(total).toBeGreaterThan(many / 256);
    for (const share of [0.01, 0.5, 0.9, 0.999]) {
      let taken = 0;
      const steps = parseListSteps('long', text);
      const counted = (function* () {
        for (const step of steps) {
          taken++;
          yield step;
        }
        return 'made';
      })();
      const most = Math.floor(total * share);
      const isOvertaken = () => taken >= most;
      expect(await runInSlices(counted, { ...pace(), isOvertaken })).toBeUndefined();
      expect(taken).toBeLessThanOrEqual(most + 2);
    }
  });
});
