import { addressLiteral, splitAddress } from '../model/mail-address.js';
import { own } from '../model/own.js';

/** An address in the parts that signals read. */
export interface EmailParts {
  /** Local part in lower case as it was written, tags included. */
  readonly local: string;
  readonly domain: string;
  /** One text for all spellings that reach the same mailbox. */
  readonly canonical: string;
}

interface Folding {
  readonly dots?: boolean;
  /** What begins a tag that the provider ignores. */
  readonly tag?: '+' | '-';
}

const plus: Folding = { tag: '+' };

/** What each provider ignores, by its own documentation; nothing is folded elsewhere. */
const foldings: Readonly<Record<string, Folding>> = {
  'gmail.com': { dots: true, tag: '+' },
  'outlook.com': plus,
  'hotmail.com': plus,
  'live.com': plus,
  'msn.com': plus,
  'fastmail.com': plus,
  'fastmail.fm': plus,
  'proton.me': plus,
  'protonmail.com': plus,
  'pm.me': plus,
  'icloud.com': plus,
  'me.com': plus,
  'mac.com': plus,
  'yahoo.com': { tag: '-' },
  'ymail.com': { tag: '-' },
  'rocketmail.com': { tag: '-' },
};

const aliases: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };

interface ToAscii {
  toAscii(domain: string): string | undefined;
}

/** Undefined when there is no local part or no domain. */
export function emailParts(address: string, domains: ToAscii): EmailParts | undefined {
  const written = splitAddress(address.trim());
  if (written === undefined) return undefined;
  const local = folded(written.local).toLowerCase();
  const ascii = domainOf(written.domain, domains);
  if (local === '' || ascii === undefined || ascii === '') return undefined;
  const domain = own(aliases, ascii) ?? ascii;
  return { local, domain, canonical: `${fold(local, own(foldings, domain))}@${domain}` };
}

/**
 * The address without its tag; undefined where it has none, or where the provider folds it away. By RFC 5233 what follows a
 * plus is detail, but nobody promises that of a domain of one's own: so the address itself keeps it.
 */
export function mailboxOf({ canonical, domain }: EmailParts): string | undefined {
  const local = canonical.slice(0, canonical.lastIndexOf('@'));
  const tagAt = local.indexOf('+');
  return tagAt < 1 ? undefined : `${local.slice(0, tagAt)}@${domain}`;
}

/** An address literal is a domain of its own. */
const domainOf = (written: string, domains: ToAscii): string | undefined =>
  addressLiteral(written)?.toLowerCase() ?? domains.toAscii(withoutDot(written.trim().toLowerCase()));

const outsideAscii = /[^\0-\x7f]/;

/** One form for what looks alike; ASCII has no other. */
const folded = (text: string): string => (outsideAscii.test(text) ? text.normalize('NFKC') : text);

const withoutDot = (domain: string): string => (domain.endsWith('.') ? domain.slice(0, -1) : domain);

function fold(local: string, folding: Folding | undefined): string {
  if (folding === undefined) return local;
  const tagAt = folding.tag === undefined ? -1 : local.indexOf(folding.tag);
  const untagged = tagAt > 0 ? local.slice(0, tagAt) : local;
  const folded = folding.dots === true ? untagged.replaceAll('.', '') : untagged;
  return folded === '' ? local : folded;
}

const commonWords = new Set(
  'and bank college company corp corporation global gmbh group holding holdings international labs limited llc services software solutions studio systems tech technologies technology the university'.split(
    ' ',
  ),
);

/** The organization's distinctive words against the registrable domain's first label. */
export function matchesOrganization(organization: string, registrable: string): boolean {
  const label = (registrable.split('.')[0] ?? '').replace(/[^a-z0-9]/g, '');
  const words = organization
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !commonWords.has(word));
  if (label.length < 3 || words.length === 0) return false;
  return words.join('').startsWith(label) || words.some((word) => word.length >= 4 && label.includes(word));
}
