import { type IpRange, parseIpRange } from '../model/ip-address.js';
import type { ListKind } from '../model/list.js';
import { asciiIfDomain } from './ascii-domain.js';
import { canonicalMailbox } from './canonical-mailbox.js';
import { canonicalPhone } from './canonical-phone.js';

type ListEntry =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'cidr'; readonly range: IpRange }
  | { readonly kind: 'asn'; readonly asn: number };

const asnText = /^as(\d{1,10})$/i;
const largestAsn = 0xffffffff;

/** `AS123`, or `123` in a list that says it holds ASNs. */
function parseAsn(text: string, bare: boolean): number | undefined {
  const digits = asnText.exec(text)?.[1] ?? (bare && /^\d{1,10}$/.test(text) ? text : undefined);
  if (digits === undefined) return undefined;
  const asn = Number(digits);
  return asn <= largestAsn ? asn : undefined;
}

/** Looks like a range, right or wrong: a slip in the first line must not turn a list of ranges into one of values. */
const rangeLike = /^(\d+\.[\d.]+|[0-9a-f]*:[0-9a-f:.]*)(\/\d*)?$/i;

/** The same of AS numbers. */
const asnLike = /^as[-+]?\d+$/i;

/** What the text shows by itself, where its list does not say what it holds. */
export function kindOfEntry(text: string): ListKind {
  if (rangeLike.test(text)) return 'cidr';
  return asnLike.test(text) ? 'asn' : 'value';
}

/** Undefined when the text is no entry of that kind. */
export function parseListEntry(text: string, kind: ListKind): ListEntry | undefined {
  if (kind === 'value') return { kind, value: normalizeValue(text) };
  if (kind === 'asn') {
    const asn = parseAsn(text, true);
    return asn === undefined ? undefined : { kind, asn };
  }
  const range = parseIpRange(text);
  return range === undefined ? undefined : { kind, range };
}

/**
 * Values match without regard to case: domains, names, domains also in whichever script. Mail addresses and phone numbers
 * are as signals have them, however they are spelled.
 */
export function normalizeValue(text: string): string {
  const value = plainValue(text);
  if (value.startsWith('+')) return canonicalPhone(value) ?? value;
  return value.includes('@') ? (canonicalMailbox(value) ?? value) : value;
}

/** With every spelling of a mailbox or a phone its own text: so entries were kept by earlier versions. */
export const plainValue = (text: string): string => asciiIfDomain(text.trim().toLowerCase());
