import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openIpDataFrom } from '../../src/adapters/files/ip-data.js';
import { parseRangeCsv } from '../../src/adapters/files/ip-data-csv.js';
import { readTableFile, writeTableFile } from '../../src/adapters/files/ip-data-table-file.js';
import { createIpIntelligence } from '../../src/adapters/files/ip-intelligence.js';
import { openMaxMind } from '../../src/adapters/maxmind/open-maxmind.js';
import { attributesOfRecord } from '../../src/adapters/maxmind/record-attributes.js';
import { parseListFile } from '../../src/lists/parse-list-file.js';
import { type IpAddress, parseIpAddress } from '../../src/model/ip-address.js';
import type { NamedList } from '../../src/model/list.js';

const asnCsv =
  '192.0.2.0,192.0.2.255,64500,"Example, Inc."\n2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64501,Six\n';
const countryCsv = 'start,end,CC\n192.0.2.0,192.0.2.255,us\n';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'portcullis-ip-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function lists(texts: Readonly<Record<string, string>>): ReadonlyMap<string, NamedList> {
  return new Map(
    Object.entries(texts).map(([name, text]) => {
      const parsed = parseListFile(name, text);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
      return [name, parsed.value];
    }),
  );
}

describe('IpIntelligence', () => {
  it('knows nothing without sources, and an empty list is no source', () => {
    const attributes = createIpIntelligence({
      tables: undefined,
      maxmind: [],
      lists: lists({ vpn: '# type: cidr\n' }),
    });
    expect(Object.values(attributes.lookup(address('192.0.2.1'))).every((one) => one === undefined)).toBe(true);
  });

  it('takes a list for a source that can say yes and no', () => {
    const known = createIpIntelligence({ tables: undefined, maxmind: [], lists: lists({ vpn: '192.0.2.0/25\n' }) });
    expect(known.lookup(address('192.0.2.1')).isVpn).toBe(true);
    expect(known.lookup(address('192.0.2.200')).isVpn).toBe(false);
    expect(known.lookup(address('192.0.2.200')).isTor).toBeUndefined();
  });

  it('finds hosting by range or by network', async () => {
    await writeFile(join(dir, 'asn.csv'), asnCsv);
    await writeFile(join(dir, 'country.csv'), countryCsv);
    const { tables, problems } = await openIpDataFrom(dir);
    expect(problems).toEqual([]);
    const known = createIpIntelligence({ tables, maxmind: [], lists: lists({ hosting_asns: 'AS64500\n' }) });
    expect(known.lookup(address('192.0.2.9'))).toMatchObject({
      asn: 64500,
      asName: 'Example, Inc.',
      country: 'US',
      isHosting: true,
    });
    expect(known.lookup(address('2001:db8::1'))).toMatchObject({ asn: 64501, isHosting: false });
    expect(known.lookup(address('198.51.100.1')).isHosting).toBeUndefined();
    expect(known.lookup(address('198.51.100.1')).asn).toBeUndefined();
  });

  it('lets one yes of list and database win, and keeps absent what neither tells', () => {
    const database = {
      file: 'a.mmdb',
      type: 'GeoIP2-Anonymous-IP',
      lookup: () => attributesOfRecord({ is_anonymous_vpn: true }, 'GeoIP2-Anonymous-IP'),
    };
    const known = createIpIntelligence({
      tables: undefined,
      maxmind: [database],
      lists: lists({ vpn: '192.0.2.0/25\n', tor: '198.51.100.1\n' }),
    });
    expect(known.lookup(address('198.51.100.1'))).toMatchObject({ isVpn: true, isTor: true, isHosting: false });
    expect(known.lookup(address('198.51.100.1')).isRelay).toBeUndefined();
  });
});

describe('MaxMind databases', () => {
  it('opens a database by the type it names and skips a broken file with one line that names it', async () => {
    const packages = createRequire(import.meta.url);
    const folder = dirname(packages.resolve('@ip-location-db/geo-whois-asn-country-mmdb/package.json'));
    const own = await mkdtemp(join(dir, 'mmdb-'));
    await writeFile(join(own, 'good.mmdb'), await readFile(join(folder, 'geo-whois-asn-country-ipv4.mmdb')));
    await writeFile(join(own, 'broken.mmdb'), 'not a database');
    const { databases, problems } = await openMaxMind(own);
    expect(databases.map((one) => one.lookup('8.8.8.8').country)).toEqual(['US']);
    expect(databases[0]?.lookup('10.0.0.1').country).toBeUndefined();
    expect(databases[0]?.lookup('2001:db8::1').country).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('broken.mmdb');
  });

  it('reads the attributes of each type and leaves the rest absent', () => {
    expect(attributesOfRecord(null, 'GeoIP2-Anonymous-IP')).toMatchObject({ isVpn: false, isTor: false });
    expect(attributesOfRecord(null, 'GeoLite2-ASN')).toEqual({});
    expect(attributesOfRecord({ connection_type: 'Cellular' }, 'GeoIP2-Connection-Type').isMobile).toBe(true);
    expect(attributesOfRecord({ country: { iso_code: 'GB' }, traits: {} }, 'GeoIP2-City')).toMatchObject({
      country: 'GB',
      isVpn: undefined,
    });
    expect(
      attributesOfRecord({ autonomous_system_number: 1221, autonomous_system_organization: 'Telstra' }, 'GeoLite2-ASN'),
    ).toMatchObject({ asn: 1221, asName: 'Telstra' });
  });
});

describe('a compiled table', () => {
  it('reads back what was written', async () => {
    const parsed = parseRangeCsv([asnCsv], 'asn');
    if (!parsed.ok) throw new Error('csv');
    const file = join(dir, 'kept', 'asn.table');
    await writeTableFile(file, parsed.value);
    const kept = await readTableFile(file);
    expect(kept?.payloads).toEqual(parsed.value.payloads);
    expect(kept?.table.lookup(address('192.0.2.77'))).toBe(1);
    expect(kept?.table.lookup(address('2001:db8::7'))).toBe(2);
    expect(kept?.table.lookup(address('192.0.3.0'))).toBe(0);
  });

  it('is not believed when it is cut, damaged or not there', async () => {
    const parsed = parseRangeCsv([asnCsv], 'asn');
    if (!parsed.ok) throw new Error('csv');
    const file = join(dir, 'damaged.table');
    await writeTableFile(file, parsed.value);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length - 3));
    expect(await readTableFile(file)).toBeUndefined();
    whole[70] = (whole[70] ?? 0) ^ 1;
    await writeFile(file, whole);
    expect(await readTableFile(file)).toBeUndefined();
    expect(await readTableFile(join(dir, 'nothing'))).toBeUndefined();
  });

  it('says which line of a CSV is wrong', () => {
    const parsed = parseRangeCsv(['192.0.2.0,192.0.2.9,64500,A\n192.0.2.9,192.0.2.0,1,B\nhello\n'], 'asn');
    expect(parsed).toEqual({
      ok: false,
      error: [
        { line: 2, message: 'the range ends before it starts' },
        { line: 3, message: 'expected start,end,asn,name' },
      ],
    });
  });
});
