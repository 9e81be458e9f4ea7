import { parseIpAddress } from './ip-address.js';

/** What is not drawn and changes nothing: zero-width characters, soft hyphens, directions of writing. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
const quoted = /^"((?:[^"\\\p{Cc}]|\\[^\p{Cc}])*)"$/u;
const bare = /^[^@\s]+$/u;
/** What needs no quotes (RFC 5321, and letters of all scripts). */
const needsNoQuotes = /^[^\s"\\@(),:;<>[\].]+(?:\.[^\s"\\@(),:;<>[\].]+)*$/u;

interface WrittenAddress {
  /** Without needless quotes and without what is not drawn; otherwise as it was written. */
  readonly local: string;
  /** A domain, or an address literal such as `[192.0.2.1]`. */
  readonly domain: string;
}

/** Undefined when there is no local part, or one that is neither quoted nor without spaces. The domain may be anything. */
export function splitAddress(address: string): WrittenAddress | undefined {
  const at = address.lastIndexOf('@');
  const local = at < 1 ? undefined : localOf(address.slice(0, at));
  return local === undefined ? undefined : { local, domain: address.slice(at + 1) };
}

function localOf(written: string): string | undefined {
  const text = outsideAscii.test(written) ? written.replace(ignorable, '') : written;
  const inner = text.startsWith('"') ? quoted.exec(text)?.[1]?.replace(/\\(.)/gu, '$1') : undefined;
  if (inner === undefined) return bare.test(text) ? text : undefined;
  if (inner === '') return undefined;
  return needsNoQuotes.test(inner) ? inner : `"${inner.replace(/["\\]/g, '\\$&')}"`;
}

/** `[192.0.2.1]` and `[IPv6:2001:db8::1]`, as they are written shortest; undefined for all else. */
export function addressLiteral(domain: string): string | undefined {
  if (!domain.startsWith('[')) return undefined;
  const [, v6, text = ''] = /^\[(ipv6:)?([0-9a-f.:]+)\]$/i.exec(domain) ?? [];
  const address = parseIpAddress(text);
  if (address === undefined || (v6 === undefined && text.includes(':'))) return undefined;
  return address.version === 4 ? `[${address.text}]` : `[IPv6:${address.text}]`;
}

const outsideAscii = /[^\0-\x7f]/;
const asciiDomain = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i;
/** Of ASCII domains only these may be none: punycode, and what reads as an address of IPv4. */
const isDoubtful = /(?:^|\.)(?:xn--[^.]*|\d+|0x[0-9a-f]*)(?:\.|$)/i;
/** What would say something else than a host in an address of the web. */
const partsOfUrls = /[\s/:?#%\\@[\]]/;

/** Is there mail to be sent to, as far as the text says? */
export function isMailDomain(domain: string): boolean {
  if (asciiDomain.test(domain) && !isDoubtful.test(domain)) return true;
  if (addressLiteral(domain) !== undefined) return true;
  const url = `http://${domain}`;
  return !partsOfUrls.test(domain) && URL.canParse(url) && asciiDomain.test(new URL(url).hostname);
}
