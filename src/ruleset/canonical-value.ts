import { parseIpAddress } from '../model/ip-address.js';
import type { Value } from '../model/value.js';

/** An address as events bring it: in its shortest form, IPv4 within IPv6 as IPv4. */
export const canonicalValue = (name: string, value: Value): Value =>
  name === 'ip.address' && typeof value === 'string' ? (parseIpAddress(value)?.text ?? value) : value;
