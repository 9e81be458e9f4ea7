import { Random } from './random.js';
import { countries } from './world/countries.js';
import { addressText, type Network } from './world/network.js';
import { rentedBlock, rentedBlockCount } from './world/rented-blocks.js';
import { relayExits, vpnExits } from './world/shared-networks.js';

const cidrOf = ({ first, size }: Network): string => `${addressText(first)}/${32 - Math.log2(size)}`;

const listText = (doc: string, lines: readonly string[]): string =>
  [`# source: portcullis simulate (${doc})`, '# date: 2026-09-01', '# type: cidr', ...lines, ''].join('\n');

interface KnownExits {
  readonly seed: string;
  readonly knownExits: number;
}

/**
 * IP intelligence of the simulated world: list files by name. VPNs and relays publish their exits; of the home blocks in
 * which lines are rented out, sources know a share.
 */
export function knownExits({ seed, knownExits: share }: KnownExits): ReadonlyMap<string, string> {
  const random = new Random(`known exits ${seed}`);
  const blocks = countries.flatMap((country) =>
    Array.from({ length: rentedBlockCount(country) }, (_, index) => rentedBlock(country, index)),
  );
  const known = blocks.filter(() => random.chance(share)).map(cidrOf);
  return new Map([
    ['vpn.txt', listText('all VPN exits', vpnExits.map(cidrOf))],
    ['relay.txt', listText('all relay exits', relayExits.map(cidrOf))],
    ['residential_proxy.txt', listText('some rented home blocks', [...new Set(known)])],
  ]);
}
