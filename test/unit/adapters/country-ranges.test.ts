import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CountryRange, readCountryRanges } from '../../../src/adapters/maxmind/country-ranges.js';
import { openDatabase } from '../../../src/adapters/maxmind/open-maxmind.js';
import { rangeText } from '../../../src/model/ip-address.js';

const packages = createRequire(import.meta.url);
const file = join(
  dirname(packages.resolve('@ip-location-db/geo-whois-asn-country-mmdb/package.json')),
  'geo-whois-asn-country.mmdb',
);

describe('the networks of a country database', () => {
  let ranges: readonly CountryRange[] = [];
  beforeAll(async () => {
    ranges = await readCountryRanges(file);
  });

  it('are in the countries that looking up their first addresses gives', async () => {
    const database = await openDatabase(file);
    if (typeof database === 'string') throw new Error(database);
    const sample = ranges.filter((_, index) => index % 97 === 0);
    const different = sample.filter(({ range, country }) => {
      const first = rangeText(range).replace(/\/\d+$/, '');
      return database.lookup(first).country !== country;
    });
    expect(different).toEqual([]);
    expect(new Set(sample.map(({ range }) => range.version))).toEqual(new Set([4, 6]));
  });

  it('do not overlap, and are as many as the database has', () => {
    const v4 = ranges.filter(({ range }) => range.version === 4);
    const size = v4.reduce((sum, { range }) => sum + 2 ** (32 - range.bits), 0);
    expect(new Set(v4.map(({ range }) => range.words[3])).size).toBe(v4.length);
    expect(size).toBeGreaterThan(3e9);
    expect(size).toBeLessThan(2 ** 32);
  });
});
