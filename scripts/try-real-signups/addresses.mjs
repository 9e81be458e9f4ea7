import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Networks of households, carriers and universities: AS number, then what most of their people have. */
const networks = [
  ...rows('home', [
    [7922, 'US'],
    [701, 'US'],
    [7018, 'US'],
    [20115, 'US'],
    [22773, 'US'],
    [577, 'CA'],
    [812, 'CA'],
    [2856, 'GB'],
    [5089, 'GB'],
    [3320, 'DE'],
    [3209, 'DE'],
    [3215, 'FR'],
    [12322, 'FR'],
    [3352, 'ES'],
    [3269, 'IT'],
    [1136, 'NL'],
    [3301, 'SE'],
    [5617, 'PL'],
    [9121, 'TR'],
    [4713, 'JP'],
    [17676, 'JP'],
    [4766, 'KR'],
    [28573, 'BR'],
    [27699, 'BR'],
    [8151, 'MX'],
    [1221, 'AU'],
    [45899, 'VN'],
    [9299, 'PH'],
  ]),
  ...rows('mobile', [
    [21928, 'US'],
    [22394, 'US'],
    [55836, 'IN'],
    [45609, 'IN'],
    [29465, 'NG'],
    [33771, 'KE'],
  ]),
  ...rows('campus', [
    [32, 'US'],
    [73, 'US'],
    [3582, 'US'],
    [17, 'US'],
    [786, 'GB'],
    [680, 'DE'],
    [1103, 'NL'],
    [2200, 'FR'],
  ]),
  ...rows('hosting', [
    [16509, 'US'],
    [14061, 'US'],
    [24940, 'DE'],
    [16276, 'FR'],
    [20473, 'US'],
    [51167, 'DE'],
  ]),
  ...rows('vpn', [
    [9009, 'GB'],
    [212238, 'GB'],
    [136787, 'US'],
  ]),
  ...rows('relay', [[36183, 'US']]),
];

function rows(kind, list) {
  return list.map(([asn, country]) => ({ kind, asn, country }));
}

/** Names that a data folder may use for a kind of address. */
const files = {
  vpn: ['x4bnet/vpn-ipv4.txt', 'vpn-ipv4.txt', 'lists/vpn.txt'],
  hosting: ['x4bnet/datacenter-ipv4.txt', 'datacenter-ipv4.txt', 'lists/hosting.txt'],
  relay: ['x4bnet/apple-relay.txt', 'apple-relay.txt', 'lists/relay.txt'],
  tor: ['tor/tor-exit-nodes.lst', 'tor-exit-nodes.lst', 'lists/tor.txt'],
};

/** Ranges as { first, size, country, asn }: kinds from the data folder where it has them, else from the table of networks. */
export function readAddresses(dataFolder) {
  const pools = rangesByNetwork();
  const sources = {};
  for (const [kind, names] of Object.entries(files)) {
    const path = names.map((name) => dataFolder && join(dataFolder, name)).find((file) => file && existsSync(file));
    const ranges = path === undefined ? [] : readRanges(path);
    sources[kind] = ranges.length > 0 ? `data folder (${ranges.length} ranges)` : 'table of networks';
    if (ranges.length > 0) pools.set(kind, ranges);
  }
  return { pools, sources };
}

function rangesByNetwork() {
  const wanted = new Map(networks.map((network) => [String(network.asn), network]));
  const pools = new Map();
  const table = createRequire(import.meta.url).resolve('@ip-location-db/asn/asn-ipv4-num.csv');
  for (const line of readFileSync(table, 'latin1').split('\n')) {
    const [first, last, asn] = line.split(',', 3);
    const network = wanted.get(asn);
    if (network === undefined) continue;
    const pool = pools.get(network.kind) ?? [];
    pool.push({
      first: Number(first),
      size: Number(last) - Number(first) + 1,
      country: network.country,
      asn: network.asn,
    });
    pools.set(network.kind, pool);
  }
  return pools;
}

function readRanges(path) {
  const ranges = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?/.exec(line.trim());
    if (match === null) continue;
    const [a, b, c, d] = match.slice(1, 5).map(Number);
    const size = 2 ** (32 - Number(match[5] ?? 32));
    ranges.push({ first: ((a * 256 + b) * 256 + c) * 256 + d, size });
  }
  return ranges;
}

export const addressText = (word) =>
  `${Math.floor(word / 2 ** 24)}.${Math.floor(word / 65536) % 256}.${Math.floor(word / 256) % 256}.${word % 256}`;
