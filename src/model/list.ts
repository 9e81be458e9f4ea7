import type { Value } from './value.js';

export type ListKind = 'value' | 'cidr' | 'asn';

/** An immutable list with its provenance. */
export interface NamedList {
  readonly name: string;
  readonly kind: ListKind;
  readonly source: string;
  readonly date: string;
  readonly size: number;
  /** value: the string (or number's text) is an entry; cidr: the address text is in a range; asn: the number is an entry. */
  has(value: Value): boolean;
}
