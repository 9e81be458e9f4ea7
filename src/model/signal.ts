import type { ValueType } from './value.js';

/** What is computed from one event (and what the account is remembered by). The registry lives in `signals/`. */
export interface SignalInfo {
  /** Dotted: `ip.asn`. */
  readonly name: string;
  readonly type: ValueType;
  /** True when it can be absent from a well-formed event; only `account.id` and the like are always there. */
  readonly optional: boolean;
  /** True when the value is a raw identifier: hashed wherever it is stored, logged or shown as evidence. */
  readonly identifier: boolean;
  /** What it means, its unit and where it comes from; becomes the catalogue. */
  readonly doc: string;
  readonly unit?: string;
  /** Least and greatest value of a number, where there are such. */
  readonly range?: readonly [least: number, most: number];
  /** Closed set of values, where there is one. */
  readonly values?: readonly string[];
}
