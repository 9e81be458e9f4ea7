import type { CombineHashes } from '../../model/entity.js';

/**
 * Sixty-four bits of a text, as five characters: for keys that live in one process and are never stored or shown. Not a
 * cryptographic hash. Among a million keys two are alike with a chance of one in forty million.
 */
export function fastHash(type: string, text: string): string {
  let seed = seeds.get(type);
  if (seed === undefined) {
    // What lies between, so that type and text cannot be cut elsewhere.
    seed = walk(digestSeed, `${type}\u001f`);
    seeds.set(type, seed);
  }
  const { one, other } = digestFrom(seed, text);
  return String.fromCharCode(
    unit(one),
    unit(one >>> 13),
    unit((one >>> 26) | (other << 6)),
    unit(other >>> 7),
    unit(other >>> 20),
  );
}

/** One key of several hashes, short enough that joining two of them makes no rope of texts. */
export const fastCombine: CombineHashes = (hashes) => {
  let key = hashes[0] ?? '';
  for (let part = 1; part < hashes.length; part++)
    key = part === 1 ? key + (hashes[part] ?? '') : fastHash('key', key) + (hashes[part] ?? '');
  return key;
};

/** Thirty-two bits each. */
export interface Halves {
  readonly one: number;
  readonly other: number;
}

/** Where the walk of one text alone begins. */
export const digestSeed: Halves = { one: 0xdeadbeef, other: 0x41c6ce57 };

/** Sixty-four bits of a text behind a seed. */
export function digestFrom(seed: Halves, text: string): Halves {
  const { one: first, other: second } = walk({ one: seed.one, other: seed.other ^ text.length }, text);
  const one = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
  const other = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return { one, other };
}

/** Where the walk stands behind a type: there are as many as signals, links and features. */
const seeds = new Map<string, Halves>();

function walk({ one, other }: Halves, text: string): Halves {
  let [first, second] = [one, other];
  for (let i = 0; i < text.length; i++) {
    first = Math.imul(first ^ text.charCodeAt(i), 2654435761);
    second = Math.imul(second ^ text.charCodeAt(i), 1597334677);
  }
  return { one: first, other: second };
}

/** Thirteen bits as one character, away from ASCII and from halves of pairs. */
const unit = (bits: number): number => 0x100 + (bits & 0x1fff);
