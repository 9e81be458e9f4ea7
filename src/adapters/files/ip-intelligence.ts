import { isCidrList } from '../../lists/named-lists.js';
import type { IpAddress } from '../../model/ip-address.js';
import type { NamedList } from '../../model/list.js';
import type { IpAttributes, IpIntelligence } from '../../signals/ip-intelligence.js';
import type { MaxMindDatabase } from '../maxmind/open-maxmind.js';
import type { IpTables } from './ip-data.js';

interface IpSources {
  readonly tables: IpTables | undefined;
  readonly maxmind: readonly MaxMindDatabase[];
  /** The rule set's lists by name, `vpn` for `vpn.txt`. */
  readonly lists: ReadonlyMap<string, NamedList>;
}

type AskList = (address: IpAddress) => boolean | undefined;

/** A list that is not there or holds nothing is no source: it cannot say no. */
function askList(lists: ReadonlyMap<string, NamedList>, name: string): AskList {
  const list = lists.get(name);
  if (list === undefined || list.size === 0) return () => undefined;
  return isCidrList(list) ? (address) => list.hasAddress(address) : (address) => list.has(address.text);
}

/** One yes is enough; a no needs a source that could have said yes. */
const either = (a: boolean | undefined, b: boolean | undefined): boolean | undefined =>
  a === true || b === true ? true : (a ?? b);

/** Databases in the order of their file names: the first that knows an attribute gives it, yes outranks no. */
function mergeAttributes(known: IpAttributes, more: IpAttributes): IpAttributes {
  return {
    asn: known.asn ?? more.asn,
    asName: known.asName ?? more.asName,
    country: known.country ?? more.country,
    isVpn: either(known.isVpn, more.isVpn),
    isPublicProxy: either(known.isPublicProxy, more.isPublicProxy),
    isResidentialProxy: either(known.isResidentialProxy, more.isResidentialProxy),
    isTor: either(known.isTor, more.isTor),
    isHosting: either(known.isHosting, more.isHosting),
    isRelay: either(known.isRelay, more.isRelay),
    isMobile: either(known.isMobile, more.isMobile),
    isShared: either(known.isShared, more.isShared),
  };
}

/** Cheap to build anew when lists or databases change: everything is a table already. */
export function createIpIntelligence({ tables, maxmind, lists }: IpSources): IpIntelligence {
  const ask = (name: string): AskList => askList(lists, name);
  const [vpn, publicProxy, residentialProxy] = [ask('vpn'), ask('public_proxy'), ask('residential_proxy')];
  const [tor, hosting, relay, shared] = [ask('tor'), ask('hosting'), ask('relay'), ask('shared_network')];
  const hostingAsns = lists.get('hosting_asns');
  const inHostingAs = (asn: number | undefined): boolean | undefined =>
    hostingAsns === undefined || hostingAsns.size === 0 || asn === undefined ? undefined : hostingAsns.has(asn);

  return {
    lookup(address) {
      const found = maxmind.reduce<IpAttributes>(
        (attributes, one) => mergeAttributes(attributes, one.lookup(address.text)),
        {},
      );
      const network = found.asn === undefined || found.asName === undefined ? tables?.network(address) : undefined;
      const asn = found.asn ?? network?.asn;
      return mergeAttributes(found, {
        asn,
        // A name belongs to its own number.
        asName: network?.asn === asn ? network?.name : undefined,
        country: found.country ?? tables?.country(address),
        isVpn: vpn(address),
        isPublicProxy: publicProxy(address),
        isResidentialProxy: residentialProxy(address),
        isTor: tor(address),
        isHosting: either(hosting(address), inHostingAs(asn)),
        isRelay: relay(address),
        isShared: shared(address),
      });
    },
  };
}
