import { readFile } from 'node:fs/promises';
import { Reader, type Response } from 'maxmind';
import type { IpRange } from '../../model/ip-address.js';
import { attributesOfRecord } from './record-attributes.js';

/** A network and its country. */
export interface CountryRange {
  readonly range: IpRange;
  readonly country: string;
}

type Words = readonly [number, number, number, number];

/** Written out, which every reader understands. */
const textOf = (words: Words): string =>
  words.map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`).join(':');

function withBit(words: Words, depth: number): Words {
  const [a, b, c, d] = words;
  const bit = 2 ** (31 - (depth & 31));
  return (
    [
      [a + bit, b, c, d] as const,
      [a, b + bit, c, d] as const,
      [a, b, c + bit, d] as const,
      [a, b, c, d + bit] as const,
    ][depth >> 5] ?? words
  );
}

interface Place {
  readonly node: number;
  readonly depth: number;
  readonly words: Words;
}

/** IPv4 is the first 2^32 addresses of the tree; no address of IPv6 is looked up there. */
const rangeOf = ({ depth, words }: Place): IpRange =>
  words[0] === 0 && words[1] === 0 && words[2] === 0 && depth >= 96
    ? { version: 4, words, bits: depth - 96 }
    : { version: 6, words, bits: depth };

/**
 * Every network of a database of both families that has its country. Walks the tree itself (format 2.0: two records a node,
 * each the number of a node, or beyond the nodes the place of some data), because looking up half a million networks one by
 * one takes ten times as long.
 */
export async function readCountryRanges(file: string): Promise<readonly CountryRange[]> {
  const content = await readFile(file);
  const reader = new Reader<Response>(content);
  const { nodeCount, recordSize, ipVersion, databaseType } = reader.metadata;
  if (recordSize !== 24 || ipVersion !== 6) throw new Error(`${file}: expected a tree of 24-bit records for IPv6`);
  const countryOf = new Map<number, string | undefined>();
  const ranges: CountryRange[] = [];
  const rest: Place[] = [{ node: 0, depth: 0, words: [0, 0, 0, 0] }];
  for (let place = rest.pop(); place !== undefined; place = rest.pop()) {
    const { node, depth, words } = place;
    if (node < nodeCount) {
      rest.push({ node: content.readUIntBE(node * 6 + 3, 3), depth: depth + 1, words: withBit(words, depth) });
      rest.push({ node: content.readUIntBE(node * 6, 3), depth: depth + 1, words });
    } else if (node > nodeCount) {
      if (!countryOf.has(node))
        countryOf.set(node, attributesOfRecord(reader.get(textOf(words)), databaseType).country);
      const country = countryOf.get(node);
      if (country !== undefined) ranges.push({ range: rangeOf(place), country });
    }
  }
  return ranges;
}
