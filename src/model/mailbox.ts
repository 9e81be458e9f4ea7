import { addressLiteral, splitAddress } from './mail-address.js';
import { own } from './own.js';

/** An address in the parts that signals read. */
export interface EmailParts {
  /** Local part in lower case as it was written, tags included. */
  readonly local: string;
  readonly domain: string;
  /** One text for all spellings that reach the same mailbox. */
  readonly canonical: string;
}

interface Folding {
  /** What the provider does not see in a name. */
  readonly unseen?: RegExp;
  /** What begins a tag that the provider ignores. */
  readonly tag?: '+' | '-';
  /** The one of several domains at which every mailbox has the same name. */
  readonly home?: string;
}

const same = (domains: string, folding: Folding): Record<string, Folding> =>
  Object.fromEntries(domains.split(' ').map((domain) => [domain, folding]));

/**
 * What each provider ignores, by its own documentation; nothing is folded elsewhere.
 * Gmail: support.google.com/mail/answer/7436150.
 * Proton: proton.me/support/change-username (`.`, `_` and `-` are transparent, and no variation is given to anybody else),
 * proton.me/support/addresses-and-aliases (the domains of one user, plus).
 * Apple: support.apple.com/118230 (whoever has a me.com or mac.com address has it at icloud.com).
 * Yandex: yandex.com/support/domain/additional/mailbox-alias.xml and yandex.com/support/id/authorization/email.html (each
 * mailbox has its name at all of them).
 * Yahoo: help.yahoo.com, AddressGuard and disposable addresses (`base-keyword`), whose country domains are one service;
 * Yahoo! Japan is another company.
 * Fastmail: fastmail.help/hc/en-us/articles/360060591053. Outlook.com: plus addresses.
 */
const foldings: Readonly<Record<string, Folding>> = {
  ...same('gmail.com', { unseen: /\./g, tag: '+' }),
  ...same('outlook.com hotmail.com live.com msn.com fastmail.com fastmail.fm', { tag: '+' }),
  ...same('proton.me protonmail.com protonmail.ch pm.me', { unseen: /[._-]/g, tag: '+', home: 'proton.me' }),
  ...same('icloud.com me.com mac.com', { tag: '+', home: 'icloud.com' }),
  ...same('yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru', { home: 'yandex.ru' }),
  ...same('yahoo.com ymail.com rocketmail.com', { tag: '-' }),
  ...same(
    'yahoo.co.uk yahoo.co.in yahoo.co.id yahoo.in yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.ca yahoo.ro yahoo.gr',
    {
      tag: '-',
    },
  ),
  ...same(
    'yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.hk yahoo.com.mx yahoo.com.ph yahoo.com.sg yahoo.com.tw yahoo.com.vn',
    { tag: '-' },
  ),
};

const aliases: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };

/** One domain for all by which one provider is known, in lower case. */
export const mailDomainOf = (ascii: string): string => own(aliases, ascii) ?? ascii;

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
  const domain = mailDomainOf(ascii);
  const folding = own(foldings, domain);
  return { local, domain, canonical: `${fold(local, folding)}@${folding?.home ?? domain}` };
}

/**
 * The address without its tag; undefined where it has none, or where the provider folds it away. By RFC 5233 what follows a
 * plus is detail, but nobody promises that of a domain of one's own: so the address itself keeps it.
 */
export function mailboxOf({ canonical }: EmailParts): string | undefined {
  const at = canonical.lastIndexOf('@');
  const tagAt = canonical.slice(0, at).indexOf('+');
  return tagAt < 1 ? undefined : canonical.slice(0, tagAt) + canonical.slice(at);
}

/** An address literal is a domain of its own. */
const domainOf = (written: string, domains: ToAscii): string | undefined =>
  addressLiteral(written)?.toLowerCase() ?? withoutDot(domains.toAscii(written.trim().toLowerCase()));

const outsideAscii = /[^\0-\x7f]/;

/** One form for what looks alike; ASCII has no other. */
const folded = (text: string): string => (outsideAscii.test(text) ? text.normalize('NFKC') : text);

/** The root's dot; some scripts have another one, which is a dot only now. */
const withoutDot = (domain: string | undefined): string | undefined =>
  domain?.endsWith('.') ? domain.slice(0, -1) : domain;

function fold(local: string, folding: Folding | undefined): string {
  if (folding === undefined) return local;
  const tagAt = folding.tag === undefined ? -1 : local.indexOf(folding.tag);
  const untagged = tagAt > 0 ? local.slice(0, tagAt) : local;
  const folded = folding.unseen === undefined ? untagged : untagged.replace(folding.unseen, '');
  return folded === '' ? local : folded;
}
