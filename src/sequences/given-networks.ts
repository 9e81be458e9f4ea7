import { addressTable } from '../lists/address-table.js';
import { type IpAddress, parseIpRange } from '../model/ip-address.js';
import type { GivenNetwork } from './sequence-test.js';

/** Network and country of the given ranges; nothing of any other address. */
interface GivenNetworks {
  network(address: IpAddress): { readonly asn: number; readonly name: string } | undefined;
  country(address: IpAddress): string | undefined;
}

/** Of several ranges around an address the narrowest counts. */
export function givenNetworks(networks: readonly GivenNetwork[]): GivenNetworks {
  const ranges = networks.flatMap(({ range }, index) => {
    const parsed = parseIpRange(range);
    return parsed === undefined ? [] : [{ range: parsed, value: index + 1 }];
  });
  const table = addressTable(ranges, 'narrowest');
  const at = (address: IpAddress): GivenNetwork | undefined => networks[table.lookup(address) - 1];
  return {
    network(address) {
      const found = at(address);
      return found?.asn === undefined ? undefined : { asn: found.asn, name: found.name ?? `AS${found.asn}` };
    },
    country: (address) => at(address)?.country,
  };
}
