import type { IpAddress } from '../model/ip-address.js';

/**
 * What is known of an address from databases (never from the event). `undefined` = the source holds nothing for this
 * attribute (absent); a boolean is only given by a source that can also say no.
 */
export interface IpAttributes {
  readonly asn?: number | undefined;
  readonly asName?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  readonly isVpn?: boolean | undefined;
  readonly isPublicProxy?: boolean | undefined;
  readonly isResidentialProxy?: boolean | undefined;
  readonly isTor?: boolean | undefined;
  readonly isHosting?: boolean | undefined;
  readonly isRelay?: boolean | undefined;
  readonly isMobile?: boolean | undefined;
  readonly isShared?: boolean | undefined;
}

/** An immutable snapshot over tables and MaxMind databases; synchronous, never throws. */
export interface IpIntelligence {
  lookup(address: IpAddress): IpAttributes;
}
