import { type IpAddress, networkOf, rangeText } from '../model/ip-address.js';
import { type Reading, Unavailable } from '../model/value.js';
import type { IpKind } from './catalogue.js';
import type { IpFacts } from './ip-intelligence.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

type FoundFacts = IpFacts | undefined | Unavailable;

export function prefixOf(address: IpAddress | undefined): string | undefined {
  return address === undefined ? undefined : rangeText(networkOf(address, address.version === 4 ? 24 : 64));
}

/** One attribute; an address that cannot be looked up makes all of them unavailable. */
export function factOf(facts: FoundFacts, read: (facts: IpFacts) => Reading): Reading {
  return facts === undefined || facts instanceof Unavailable ? facts : read(facts);
}

const fact =
  (read: (facts: IpFacts) => Reading) =>
  (context: SignalContext): Reading =>
    factOf(context.ipFacts(), read);

/**
 * Relay before vpn, because popular VPN lists contain the exits of Apple's private relay. Tor and proxies are `vpn`: all
 * hide where a person is. `home` is only said by sources that would have known of a VPN and of hosting.
 */
export function kindOf(facts: IpFacts): IpKind {
  if (facts.isRelay === true) return 'relay';
  if (facts.isVpn === true || facts.isTor === true || facts.isPublicProxy === true || facts.isResidentialProxy === true)
    return 'vpn';
  if (facts.isHosting === true) return 'hosting';
  if (facts.isShared === true) return 'shared';
  if (facts.isMobile === true) return 'mobile';
  return facts.isVpn === false && facts.isHosting === false ? 'home' : 'unknown';
}

export const ipSignals: SignalRecords<'ip'> = {
  'ip.address': (context) => context.address()?.text,
  'ip.version': (context) => context.address()?.version,
  'ip.prefix': (context) => prefixOf(context.address()),
  'ip.prefix48': (context) => {
    const address = context.address();
    return address?.version === 6 ? rangeText(networkOf(address, 48)) : undefined;
  },
  'ip.asn': fact((facts) => facts.asn),
  'ip.as_name': fact((facts) => facts.asName),
  'ip.country': fact((facts) => facts.country),
  'ip.kind': fact(kindOf),
  'ip.is_vpn': fact((facts) => facts.isVpn),
  'ip.is_public_proxy': fact((facts) => facts.isPublicProxy),
  'ip.is_residential_proxy': fact((facts) => facts.isResidentialProxy),
  'ip.is_tor': fact((facts) => facts.isTor),
  'ip.is_hosting': fact((facts) => facts.isHosting),
  'ip.is_relay': fact((facts) => facts.isRelay),
  'ip.is_shared': fact((facts) => facts.isShared),
};
