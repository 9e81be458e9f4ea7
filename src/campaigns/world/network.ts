import type { Random } from '../random.js';

/** A range of IPv4 addresses that one operator uses for one purpose. */
export interface Network {
  readonly first: number;
  readonly size: number;
}

const numberOf = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** `'73.32.0.0/12 24.0.0.0/12'` */
export const networks = (cidrs: string): readonly Network[] =>
  cidrs.split(' ').map((cidr) => {
    const [address = '', length] = cidr.split('/');
    return { first: numberOf(address), size: 2 ** (32 - Number(length)) };
  });

export const addressText = (address: number): string =>
  [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');

/** A host of the network, never a /24's first or last address. */
export function addressIn(network: Network, random: Random): string {
  const block = network.first + random.int(network.size / 256) * 256;
  return addressText(block + random.whole(1, 254));
}

/** The `index`-th of a network's exits: carriers and relays put many people behind few addresses, spread over blocks. */
export function exitOf(network: Network, index: number): string {
  const block = Math.imul(index >>> 4, 2_654_435_761) >>> 0;
  return addressText(network.first + (block % (network.size / 256)) * 256 + 16 + (index & 15) * 8);
}
