import { type IpAddress, parseIpRange, rangeContains } from '../model/ip-address.js';

/**
 * Special-purpose ranges (IANA registries of RFC 6890): private, loopback, link-local and with it the metadata services of
 * clouds, carrier-grade NAT, documentation, benchmarking, multicast, reserved. `::ffff:a.b.c.d` is IPv4 by its parsing.
 */
const inside = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Metadata and internal endpoints of clouds that lie in public ranges.
  '168.63.129.16/32',
].flatMap((text) => parseIpRange(text) ?? []);

/** Only global unicast is public; what of it leads elsewhere or carries an IPv4 address is left out. */
const globalUnicast = parseIpRange('2000::/3');
const notGlobal = [
  // Teredo, benchmarking, ORCHID and other protocol assignments.
  '2001::/23',
  '2001:db8::/32',
  // 6to4.
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
].flatMap((text) => parseIpRange(text) ?? []);

/** NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), IPv4-compatible and unique local addresses lie outside global unicast. */
export function isPublicAddress(address: IpAddress): boolean {
  if (address.version === 4) return !inside.some((range) => rangeContains(range, address));
  if (globalUnicast === undefined || !rangeContains(globalUnicast, address)) return false;
  return !notGlobal.some((range) => rangeContains(range, address));
}
