import { type IpAddress, type IpRange, parseIpAddress } from '../model/ip-address.js';
import type { NamedList } from '../model/list.js';
import { finishSteps } from '../model/steps.js';
import type { Value } from '../model/value.js';
import { type AddressTable, AddressTableBuilder } from './address-table.js';
import { AsnTable } from './asn-table.js';
import { normalizeValue } from './list-entry.js';
import { ValueTable } from './value-table.js';

export type ListProvenance = Pick<NamedList, 'name' | 'source' | 'date'>;

/** A list of ranges that can be asked about an address that is parsed already. */
export interface CidrList extends NamedList {
  readonly kind: 'cidr';
  hasAddress(address: IpAddress): boolean;
}

export const isCidrList = (list: NamedList): list is CidrList => list.kind === 'cidr' && 'hasAddress' in list;

export function cidrList(provenance: ListProvenance, ranges: readonly IpRange[]): CidrList {
  const builder = new AddressTableBuilder();
  for (const range of ranges) builder.add(range, 1);
  return cidrListOf(provenance, finishSteps(builder.build('union')), ranges.length);
}

/** `size`: how many ranges the table is made of; its values are not 0 within them. */
export function cidrListOf(provenance: ListProvenance, table: AddressTable, size: number): CidrList {
  const hasAddress = (address: IpAddress): boolean => table.lookup(address) !== 0;
  return {
    ...provenance,
    kind: 'cidr',
    size,
    hasAddress,
    has(value: Value): boolean {
      const address = typeof value === 'string' ? parseIpAddress(value) : undefined;
      return address !== undefined && hasAddress(address);
    },
  };
}

export const asnList = (provenance: ListProvenance, asns: readonly number[]): NamedList =>
  asnListOf(provenance, finishSteps(AsnTable.build(Uint32Array.from(asns))));

export const asnListOf = (provenance: ListProvenance, table: AsnTable): NamedList => ({
  ...provenance,
  kind: 'asn',
  size: table.size,
  has: (value) => table.has(typeof value === 'string' ? Number(value.replace(/^as/i, '')) : Number(value)),
});

export function valueList(provenance: ListProvenance, values: readonly string[]): NamedList {
  const valueAt = (index: number): string => normalizeValue(values[index] ?? '');
  return valueListOf(provenance, finishSteps(ValueTable.build({ count: values.length, valueAt })));
}

/** The table's values are written as `normalizeValue` writes them. */
export const valueListOf = (provenance: ListProvenance, table: ValueTable): NamedList => ({
  ...provenance,
  kind: 'value',
  size: table.size,
  has: (value) => table.has(normalizeValue(String(value))),
});

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
