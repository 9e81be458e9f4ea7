import { type IpAddress, type IpRange, parseIpAddress } from '../model/ip-address.js';
import type { NamedList } from '../model/list.js';
import type { Value } from '../model/value.js';
import { addressTable } from './address-table.js';
import { normalizeValue } from './list-entry.js';

export type ListProvenance = Pick<NamedList, 'name' | 'source' | 'date'>;

/** A list of ranges that can be asked about an address that is parsed already. */
export interface CidrList extends NamedList {
  readonly kind: 'cidr';
  hasAddress(address: IpAddress): boolean;
}

export const isCidrList = (list: NamedList): list is CidrList => list.kind === 'cidr' && 'hasAddress' in list;

export function cidrList(provenance: ListProvenance, ranges: readonly IpRange[]): CidrList {
  const table = addressTable(
    ranges.map((range) => ({ range, value: 1 })),
    'union',
  );
  const hasAddress = (address: IpAddress): boolean => table.lookup(address) !== 0;
  return {
    ...provenance,
    kind: 'cidr',
    size: ranges.length,
    hasAddress,
    has(value: Value): boolean {
      const address = typeof value === 'string' ? parseIpAddress(value) : undefined;
      return address !== undefined && hasAddress(address);
    },
  };
}

export function asnList(provenance: ListProvenance, asns: readonly number[]): NamedList {
  const entries = new Set(asns);
  return {
    ...provenance,
    kind: 'asn',
    size: entries.size,
    has: (value) => entries.has(typeof value === 'string' ? Number(value.replace(/^as/i, '')) : Number(value)),
  };
}

export function valueList(provenance: ListProvenance, values: readonly string[]): NamedList {
  const entries = new Set(values.map(normalizeValue));
  return {
    ...provenance,
    kind: 'value',
    size: entries.size,
    has: (value) => entries.has(normalizeValue(String(value))),
  };
}

/** Whether the domain or one of its parents is listed: mail.tempmail.example is found by tempmail.example. */
export function hasDomain(list: Pick<NamedList, 'has'>, domain: string): boolean {
  let rest = domain;
  while (rest !== '') {
    if (list.has(rest)) return true;
    const dot = rest.indexOf('.');
    rest = dot < 0 ? '' : rest.slice(dot + 1);
  }
  return false;
}
