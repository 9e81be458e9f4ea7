import { lookup } from 'node:dns/promises';
import { type IpAddress, parseIpAddress } from '../../model/ip-address.js';
import { isPublicAddress } from '../../outbox/public-address.js';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export const resolveName: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

/** The address leads to where nothing may be sent. */
export class RefusedAddress extends Error {}

export const isLoopback = ({ version, words: [a, b, c, d] }: IpAddress): boolean =>
  version === 4 ? d >>> 24 === 127 : a === 0 && b === 0 && c === 0 && d === 1;

/**
 * The address to connect to, looked at before. A name with one address inside is refused as a whole: whoever mixes them
 * means no good. Spellings such as `0x7f.1` are read by the URL parser, as they would be by whoever connects.
 */
export async function resolvePublic(hostname: string, resolve: Resolve, allowLoopback: boolean): Promise<IpAddress> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const literal = parseIpAddress(host);
  const texts = literal === undefined ? await resolve(host) : [host];
  const addresses = texts.map((text) => parseIpAddress(text.replace(/%.*$/, '')));
  const [first] = addresses;
  const mayBe = (address: IpAddress | undefined): boolean =>
    address !== undefined && (isPublicAddress(address) || (allowLoopback && isLoopback(address)));
  if (first === undefined || !addresses.every(mayBe)) throw new RefusedAddress();
  return first;
}
