import { type IpAddress, networkOf, rangeText } from '../model/ip-address.js';
import { type Reading, Unavailable } from '../model/value.js';
import type { IpKind } from './catalogue.js';
import type { IpAttributes } from './ip-intelligence.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

type FoundAttributes = IpAttributes | undefined | Unavailable;

export function prefixOf(address: IpAddress | undefined): string | undefined {
  return address === undefined ? undefined : rangeText(networkOf(address, address.version === 4 ? 24 : 64));
}

/** One attribute; an address that cannot be looked up makes all of them unavailable. */
export function attributeOf(attributes: FoundAttributes, read: (attributes: IpAttributes) => Reading): Reading {
  return attributes === undefined || attributes instanceof Unavailable ? attributes : read(attributes);
}

const attribute =
  (read: (attributes: IpAttributes) => Reading) =>
  (context: SignalContext): Reading =>
    attributeOf(context.ipAttributes(), read);

/**
 * Relay before vpn, because popular VPN lists contain the exits of Apple's private relay. Tor and proxies are `vpn`: all
 * hide where a person is. `home` is only said by sources that would have known of a VPN and of hosting.
 */
export function kindOf(attributes: IpAttributes): IpKind {
  if (attributes.isRelay === true) return 'relay';
  if (
    attributes.isVpn === true ||
    attributes.isTor === true ||
    attributes.isPublicProxy === true ||
    attributes.isResidentialProxy === true
  )
    return 'vpn';
  if (attributes.isHosting === true) return 'hosting';
  if (attributes.isShared === true) return 'shared';
  if (attributes.isMobile === true) return 'mobile';
  return attributes.isVpn === false && attributes.isHosting === false ? 'home' : 'unknown';
}

export const ipSignals: SignalRecords<'ip'> = {
  'ip.address': (context) => context.address()?.text,
  'ip.version': (context) => context.address()?.version,
  'ip.prefix': (context) => prefixOf(context.address()),
  'ip.prefix48': (context) => {
    const address = context.address();
    return address?.version === 6 ? rangeText(networkOf(address, 48)) : undefined;
  },
  'ip.asn': attribute((attributes) => attributes.asn),
  'ip.as_name': attribute((attributes) => attributes.asName),
  'ip.country': attribute((attributes) => attributes.country),
  'ip.kind': attribute(kindOf),
  'ip.is_vpn': attribute((attributes) => attributes.isVpn),
  'ip.is_public_proxy': attribute((attributes) => attributes.isPublicProxy),
  'ip.is_residential_proxy': attribute((attributes) => attributes.isResidentialProxy),
  'ip.is_tor': attribute((attributes) => attributes.isTor),
  'ip.is_hosting': attribute((attributes) => attributes.isHosting),
  'ip.is_relay': attribute((attributes) => attributes.isRelay),
  'ip.is_shared': attribute((attributes) => attributes.isShared),
};
